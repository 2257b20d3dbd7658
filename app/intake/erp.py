"""Events of the ERP: kept once whatever is repeated, and done by a worker."""

from datetime import timedelta
from functools import partial

from sqlalchemy import select, update

from app import clock
from app.debts.lookups import events
from app.extensions import db
from app.intake import live, service
from app.intake.body import Unreadable, decode
from app.intake.models import Receipt
from app.intake.receipts import Arrival, keep
from app.integrations.base import Envelope, IntegrationError
from app.queueing import enqueue
from app.transactions import atomic, on_commit

ROUTE = "/webhook/sienge"
# Seconds before each further try: a customer just made is not there to be read at once.
WAITS = (30, 120, 600, 3600)


def accept(arrival: Arrival, event: str, event_id: str) -> str:
    """Keep an event and wake a worker; what came before is recognised by its id."""
    try:
        payload = decode(arrival.raw)
    except Unreadable as fault:
        with atomic():
            keep(arrival, None, "rejected", str(fault))
            on_commit(live.receipts_changed)
        return "rejected"
    digest = f"{event}:{sorted(payload.items())!r}"
    envelope = Envelope("", event[:80], event_id[:120], "", "", digest)
    now = clock.now()
    with atomic():
        receipt_id = keep(arrival, envelope, "received", None, now + timedelta(seconds=WAITS[0]))
        if receipt_id is None:
            return "repeated"
        on_commit(partial(wake, receipt_id))
        on_commit(live.receipts_changed)
    return "received"


def hear(receipt_id: int) -> None:
    """A worker's turn: read again whom the event is about."""
    found = db.session.scalar(select(Receipt).where(Receipt.id == receipt_id))
    if found is None or found.state not in ("received", "failed"):
        return
    attempts = found.attempts
    try:
        many = events.heard(decode(found.body))
    except IntegrationError as error:
        _settle(receipt_id, "failed", error.message, attempts)
    else:
        _settle(receipt_id, "processed" if many else "ignored", None, attempts)


def wake(receipt_id: int, seconds: float = 0) -> None:
    """Have a worker hear it."""
    enqueue("jobs.sync.hear_erp", receipt_id, queue="sync", delay_seconds=seconds)


service.elsewhere[ROUTE] = wake


def _settle(receipt_id: int, state: str, note: str | None, attempts: int) -> None:
    again = state == "failed" and attempts <= len(WAITS)
    wait = WAITS[attempts - 1] if again else 0
    due = clock.now() + timedelta(seconds=wait) if again else None
    with atomic():
        db.session.execute(
            update(Receipt)
            .where(Receipt.id == receipt_id)
            .values(state=state, note=note, attempts=attempts + 1, next_try_at=due)
        )
        on_commit(live.receipts_changed)
        if again:
            on_commit(partial(wake, receipt_id, wait))
