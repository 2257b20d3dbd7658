"""The ERP's webhooks: a bearer token proves the sender, a receipt is kept, a worker reads again."""

from flask import Response, abort, jsonify, request
from sqlalchemy.exc import InterfaceError, OperationalError
from werkzeug.exceptions import ServiceUnavailable

from app import secrets
from app.accounts.access import public
from app.extensions import current_settings, db
from app.intake import erp
from app.intake.api import webhooks
from app.intake.receipts import Arrival
from app.logs import request_id
from app.metrics import WEBHOOKS


@webhooks.post("/sienge")
@public("the bearer token proves the sender")
def sienge() -> Response:
    """An event of the ERP. Answered at once: it waits for 2.5 seconds, then tries again later."""
    settings = current_settings()
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    tenant = request.headers.get("x-sienge-tenant", "")
    if not settings.sienge_webhook_token or not secrets.same(given, settings.sienge_webhook_token):
        WEBHOOKS.labels("sienge", "wrong_secret").inc()
        abort(404)
    if tenant and tenant != settings.sienge_subdomain:
        abort(404)
    names = ",".join(sorted({name.lower() for name, _ in request.headers}))
    raw = request.get_data(cache=False)
    arrival = Arrival(erp.ROUTE, "bearer_token", None, raw, names, request_id())
    try:
        outcome = erp.accept(
            arrival,
            request.headers.get("x-sienge-event", ""),
            request.headers.get("x-sienge-id", ""),
        )
    except (OperationalError, InterfaceError):
        db.session.rollback()
        raise ServiceUnavailable(retry_after=600) from None
    WEBHOOKS.labels("sienge", outcome).inc()
    return jsonify(status="received")
