"""The addresses that providers call. They answer at once, in the words their callers know."""

import time
from collections.abc import Callable, Hashable
from functools import partial

import structlog
from flask import Blueprint, Response, abort, jsonify, make_response, request
from sqlalchemy.exc import InterfaceError, OperationalError
from werkzeug.exceptions import RequestEntityTooLarge, ServiceUnavailable

from app.accounts.access import public
from app.channels import service as channels
from app.extensions import current_settings, db
from app.intake import service, together
from app.intake.together import Knock, Owner
from app.integrations import providers
from app.logs import request_id
from app.metrics import WEBHOOKS

webhooks = Blueprint("webhooks", __name__, url_prefix="/webhook")
log = structlog.get_logger()

# Written once: the same words answer hundreds of calls a second.
RECEIVED = b'{"status":"received"}\n'
RECEIVED_LONG = (
    b'{"message":"Mensagem recebida e processamento iniciado","status":"received","success":true}\n'
)
# A database that comes back within these seconds costs the provider only the wait.
DATABASE_WAITS = (0.2, 0.5, 1.0)
DRAINED = 16 * 1024 * 1024


@webhooks.post("/text")
@webhooks.post("/audio")
@public("the replaced system's address; a setting turns it off")
def long_answer() -> Response:
    """A message for the environment's instance, in the replaced document's words."""
    return _at_open_address(RECEIVED_LONG)


@webhooks.post("/whatsapp")
@public("the replaced system's address; a setting turns it off")
def short_answer() -> Response:
    """Any event for the environment's instance, in the replaced program's words."""
    return _at_open_address(RECEIVED)


@webhooks.post(f"/<any({','.join(providers.KINDS)}):kind>/<secret>")
@public("the secret in the address proves the sender")
def secret_address(kind: str, secret: str) -> Response:
    """Any event of the channel whose secret this is; another secret is a 404 and an alert."""
    knock = _knock((kind, secret), partial(_by_secret, kind, secret), f"/webhook/{kind}", kind)
    return _answer(knock, RECEIVED)


def _at_open_address(received: bytes) -> Response:
    if not current_settings().accepts_open_webhooks:
        abort(404)
    knock = _knock("", _of_the_environment, request.path, service.DEFAULT_KIND)
    return _answer(knock, received)


def _of_the_environment() -> Owner:
    return channels.environment_channel(), service.OPEN_ADDRESS


def _by_secret(kind: str, secret: str) -> Owner | None:
    found = channels.by_secret(secret)
    return found if found is not None and found[0].kind == kind else None


def _knock(address: Hashable, find: Callable[[], Owner | None], route: str, kind: str) -> Knock:
    raw = _body()
    names = ",".join(sorted({name.lower() for name, _ in request.headers}))
    return Knock(address, find, route, raw, names, request_id(), service.read(kind, raw))


def _body() -> bytes:
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge:
        # Answering before they have sent it all would look like a broken connection to them.
        stream, left = request.environ["wsgi.input"], DRAINED
        while left > 0 and (chunk := stream.read(65_536)):
            left -= len(chunk)
        raise


def _answer(knock: Knock, received: bytes) -> Response:
    verdict = _kept(knock)
    WEBHOOKS.labels(knock.route, verdict.outcome).inc()
    if verdict.outcome == "rejected":
        return make_response(jsonify(detail=verdict.text), 400)
    if verdict.outcome == "ignored":
        return jsonify(status="ignored", reason=verdict.text)
    return Response(received, mimetype="application/json")


def _kept(knock: Knock) -> service.Verdict:
    """Keep it, waiting a moment for a database that restarts; a repeat is recognised.

    Without a database nothing can be kept, so nothing may be confirmed: 503.
    """
    verdict = together.accept(knock)
    if verdict is not None:
        return verdict
    for wait in (*DATABASE_WAITS, None):
        try:
            return service.accept(knock.arrival(_owner(knock)), knock.reading)
        except (OperationalError, InterfaceError) as error:
            db.session.rollback()
            log.error("database_away", error=type(error.orig).__name__)
            if wait is not None:
                time.sleep(wait)
    WEBHOOKS.labels("any", "not_kept").inc()
    raise ServiceUnavailable(retry_after=5)


def _owner(knock: Knock) -> Owner:
    owner = knock.find()
    if owner is None:
        WEBHOOKS.labels("secret", "wrong_secret").inc()
        log.error("webhook_wrong_secret", route=knock.route)
        abort(404)
    return owner
