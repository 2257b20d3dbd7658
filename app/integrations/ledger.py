"""The ledger of outside calls: one row an attempt, whatever becomes of the work it was for."""

from datetime import datetime

import structlog
from sqlalchemy import insert
from sqlalchemy.exc import SQLAlchemyError

from app.extensions import db
from app.integrations.base import Outcome
from app.integrations.models import OutsideCall
from app.logs import redact, request_id
from app.transactions import atomic

log = structlog.get_logger()

MAX_ERROR = 500


def leave_transaction() -> None:
    """Give the connection back before waiting for somebody else; refuses inside atomic()."""
    if db.session().info.get("frames"):
        raise RuntimeError("an outside call inside a transaction")
    with atomic():
        pass


def record(
    *,
    vendor: str,
    method: str,
    url: str,
    at: datetime,
    seconds: float,
    outcome: Outcome,
    status: int | None,
    error: str | None,
    subject: str,
) -> None:
    """Write one attempt in a transaction of its own, redacted."""
    row = {
        "month": at.date().replace(day=1),
        "at": at,
        "vendor": vendor,
        "method": method,
        "address": redact(url.partition("?")[0])[:MAX_ERROR],
        "status": status,
        "milliseconds": round(seconds * 1000),
        "outcome": outcome.value,
        "error": redact(error.replace("\0", ""))[:MAX_ERROR] if error else None,
        "subject": subject,
        "request_id": request_id(),
    }
    try:
        with atomic():
            db.session.execute(insert(OutsideCall), row)
    except SQLAlchemyError:
        # The outside system has answered: losing the note must not turn its answer into an error.
        log.exception("ledger_failed", vendor=vendor, subject=subject, outcome=outcome.value)
