"""The addresses that providers call. They answer at once, in the words their callers know."""

import time
from collections.abc import Callable, Mapping
from functools import partial

import structlog
from flask import Blueprint, Response, abort, jsonify, make_response, request
from sqlalchemy.exc import InterfaceError, OperationalError
from werkzeug.exceptions import RequestEntityTooLarge, ServiceUnavailable

from app.accounts.access import public
from app.channels import service as channels
from app.channels.models import Channel
from app.extensions import current_settings, db
from app.intake import service
from app.intake.receipts import Arrival
from app.integrations import providers
from app.metrics import WEBHOOKS

webhooks = Blueprint("webhooks", __name__, url_prefix="/webhook")
log = structlog.get_logger()

RECEIVED = {"status": "received"}
RECEIVED_LONG = {
    "success": True,
    "message": "Mensagem recebida e processamento iniciado",
    "status": "received",
}
# A database that comes back within these seconds costs the provider only the wait.
DATABASE_WAITS = (0.2, 0.5, 1.0)
DRAINED = 16 * 1024 * 1024


@webhooks.post("/text")
@webhooks.post("/audio")
@public("the replaced system's address; a setting turns it off")
def long_answer() -> Response:
    """A message for the environment's instance, in the replaced document's words."""
    return _answer(_open_arrival, RECEIVED_LONG)


@webhooks.post("/whatsapp")
@public("the replaced system's address; a setting turns it off")
def short_answer() -> Response:
    """Any event for the environment's instance, in the replaced program's words."""
    return _answer(_open_arrival, RECEIVED)


@webhooks.post(f"/<any({','.join(providers.KINDS)}):kind>/<secret>")
@public("the secret in the address proves the sender")
def secret_address(kind: str, secret: str) -> Response:
    """Any event of the channel whose secret this is; another secret is a 404 and an alert."""
    return _answer(partial(_secret_arrival, kind, secret), RECEIVED)


def _open_arrival(raw: bytes) -> Arrival:
    if not current_settings().accepts_open_webhooks:
        abort(404)
    channel = channels.environment_channel()
    return _arrival(request.path, channel, service.OPEN_ADDRESS, raw)


def _secret_arrival(kind: str, secret: str, raw: bytes) -> Arrival:
    found = channels.by_secret(secret)
    if found is None or found[0].kind != kind:
        WEBHOOKS.labels("secret", "wrong_secret").inc()
        log.error("webhook_wrong_secret", kind=kind)
        abort(404)
    return _arrival(f"/webhook/{kind}", *found, raw)


def _arrival(route: str, channel: Channel | None, proof: str, raw: bytes) -> Arrival:
    names = ",".join(sorted({name.lower() for name, _ in request.headers}))
    return Arrival(route, proof, channel, raw, names)


def _body() -> bytes:
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge:
        # Answering before they have sent it all would look like a broken connection to them.
        stream, left = request.environ["wsgi.input"], DRAINED
        while left > 0 and (chunk := stream.read(65_536)):
            left -= len(chunk)
        raise


def _answer(arrive: Callable[[bytes], Arrival], received: Mapping[str, object]) -> Response:
    route, verdict = _kept(arrive, _body())
    WEBHOOKS.labels(route, verdict.outcome).inc()
    if verdict.outcome == "rejected":
        return make_response(jsonify(detail=verdict.text), 400)
    if verdict.outcome == "ignored":
        return jsonify(status="ignored", reason=verdict.text)
    return jsonify(received)


def _kept(arrive: Callable[[bytes], Arrival], raw: bytes) -> tuple[str, service.Verdict]:
    """Keep it, waiting a moment for a database that restarts; a repeat is recognised.

    Without a database nothing can be kept, so nothing may be confirmed: 503.
    """
    for wait in (*DATABASE_WAITS, None):
        try:
            arrival = arrive(raw)
            return arrival.route, service.accept(arrival)
        except (OperationalError, InterfaceError) as error:
            db.session.rollback()
            log.error("database_away", error=type(error.orig).__name__)
            if wait is not None:
                time.sleep(wait)
    WEBHOOKS.labels("any", "not_kept").inc()
    raise ServiceUnavailable(retry_after=5)
