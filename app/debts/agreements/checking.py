"""Reading the ERP again after an acceptance: the same debt goes on, a changed one is refused.

What counts is instalments, receipts, terms and blocks, not the days that passed: the offer froze
those. With the ERP down the acceptance stays, and its check stays pending.
"""

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import or_, select

from app import clock
from app.conversations import service as desk
from app.conversations.threads import note_event
from app.debts.agreements import accepting, issuing, recording, sending
from app.debts.agreements.lifecycle import State
from app.debts.agreements.models import Agreement
from app.debts.agreements.saying import sentences
from app.debts.lookups import reading
from app.debts.lookups import service as lookups
from app.debts.lookups.models import Snapshot
from app.errors import GuicheError
from app.extensions import current_settings, db
from app.transactions import atomic
from app.words import N_

LEASE = timedelta(minutes=2)
AGAIN = (15, 60, 300, 900)  # seconds between tries; then every quarter of an hour
REASONS = {
    "changed": N_("Parcelas, pagamentos ou condições do contrato mudaram desde a proposta."),
    "blocked": N_("O contrato passou a ter um impedimento."),
    "gone": N_("O contrato não está mais no Sienge."),
}


def check(agreement_id: int) -> None:
    """A worker's turn: read the ERP, then settle. Safe to run twice."""
    document = _begin(agreement_id)
    if document is None:
        return
    try:
        snapshot = lookups.look_up_now(document, actor=None)
    except GuicheError as fault:
        _wait(agreement_id, str(fault.message))
        return
    if snapshot.state not in ("fresh", "not_found"):
        _wait(agreement_id, snapshot.error or _("O Sienge não respondeu."))
        return
    settle(agreement_id, snapshot)


def settle(agreement_id: int, snapshot: Snapshot) -> None:
    """Compare what the ERP says now with what the offer was made from."""
    agreement = db.session.get_one(Agreement, agreement_id)
    why = changed(agreement, snapshot)
    if why is None:
        issuing.confirm(agreement_id, snapshot.id)
    else:
        _refuse(agreement_id, why, snapshot.id)


def changed(agreement: Agreement, now: Snapshot) -> str | None:
    """A key of `REASONS` when the debt is another one; None while it is the same."""
    offer = sending.find(agreement.offer_id)
    before = db.session.get(Snapshot, offer.snapshot_id)
    then = reading.contract(before, int(agreement.bill)) if before is not None else None
    today = reading.contract(now, int(agreement.bill))
    if today is None or then is None:
        return "gone"
    if {one.block for one in today.blocks} - {one.block for one in then.blocks}:
        return "blocked"
    return None if today.fingerprint == then.fingerprint else "changed"


def _begin(agreement_id: int) -> str | None:
    with atomic():
        agreement = recording.locked(agreement_id)
        now = clock.now()
        taken = agreement.lease_until is not None and agreement.lease_until > now
        if agreement.check_state != "pending" or agreement.state != State.ACCEPTED or taken:
            return None
        agreement.lease_until = now + LEASE
        agreement.attempts += 1
        return agreement.document


def _wait(agreement_id: int, error: str) -> None:
    with atomic():
        agreement = recording.locked(agreement_id)
        seconds = AGAIN[min(agreement.attempts, len(AGAIN)) - 1]
        agreement.next_check_at = clock.now() + timedelta(seconds=seconds)
        agreement.lease_until = None
        is_news = agreement.check_error is None
        agreement.check_error = error
        if is_news:
            recording.happened(agreement, "check_waits", reason=error)


def _refuse(agreement_id: int, why: str, snapshot_id: int) -> None:
    """Explained to the customer, and to the team with the way to a fresh simulation."""
    with atomic():
        agreement = db.session.get_one(Agreement, agreement_id)
        if agreement.conversation_id is not None:
            desk.lock_contact_of(agreement.conversation_id)
            desk.locked(agreement.conversation_id)
        agreement = recording.locked(agreement_id)
        if agreement.check_state != "pending":
            return
        agreement.check_state, agreement.checked_at = "changed", clock.now()
        agreement.lease_until, agreement.next_check_at = None, None
        recording.become(agreement, State.REFUSED, reason=REASONS[why], snapshot=snapshot_id)
        title = _("Refazer a simulação: a dívida mudou")
        figures = [[_("Acordo"), agreement.number], [_("Motivo"), _(REASONS[why])]]
        recording.open_task("review", title, figures, agreement)
        if agreement.conversation_id is not None:
            conversation = desk.locked(agreement.conversation_id)
            note_event(conversation, "agreement_refused", offer=agreement.offer_id)
            issuing.say(conversation, sentences.CHANGED_TEXT, "proposal")


# Said to the customer, in Portuguese as all of these texts.


def redrive() -> None:
    """Check again what waits for the ERP, and what a dead worker left."""
    now = clock.now()
    patience = timedelta(seconds=current_settings().sweep_after_seconds)
    due = select(Agreement.id).where(
        Agreement.check_state == "pending",
        Agreement.state == State.ACCEPTED,
        Agreement.next_check_at < now - patience,
        or_(Agreement.lease_until.is_(None), Agreement.lease_until < now),
    )
    for agreement_id in db.session.scalars(due.order_by(Agreement.next_check_at).limit(100)).all():
        accepting.wake_check(agreement_id)
