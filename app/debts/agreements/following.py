"""The life-cycle's worker: payments read from the ERP, then what a day brings; offers that end."""

from datetime import date, timedelta
from functools import partial

import structlog
from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from app import clock
from app.accounts.models import User
from app.debts.agreements import issuing, live, matching, recording, reminding
from app.debts.agreements.lifecycle import Act, State, Step, next_steps
from app.debts.agreements.models import Agreement, AgreementPayment
from app.debts.agreements.payments import payments_of, plain
from app.debts.engine.writing import brl, day
from app.debts.lookups import reading
from app.debts.lookups import service as lookups
from app.debts.lookups.models import Snapshot
from app.debts.simulations import approval
from app.debts.simulations.models import DebtOffer
from app.errors import GuicheError
from app.extensions import db
from app.queueing import enqueue
from app.transactions import atomic, on_commit

log = structlog.get_logger()

EVERY = timedelta(hours=1)
AT_ONCE = 200
OPEN = ("sent", "approved", "awaiting_approval")
MOST_A_LOOK = 4  # steps of one agreement at once: a safety, not a rule


def look_at_all() -> None:
    """Wake a look at each agreement in life that was not looked at for an hour; end old offers."""
    expire_offers()
    before = clock.now() - EVERY
    due = select(Agreement.id).where(
        Agreement.state.in_((State.ACCEPTED, State.EFFECTIVE)),
        Agreement.check_state == "confirmed",
        or_(Agreement.looked_at.is_(None), Agreement.looked_at < before),
    )
    order = Agreement.looked_at.asc().nulls_first()
    for agreement_id in db.session.scalars(due.order_by(order).limit(AT_ONCE)).all():
        enqueue("jobs.sync.follow_agreement", agreement_id, queue="sync")


def expire_offers() -> None:
    """Offers whose validity passed without an answer."""
    today = local_today()
    old = select(DebtOffer.id).where(
        DebtOffer.state.in_(("sent", "approved", "awaiting_approval")),
        DebtOffer.valid_until < today,
    )
    for offer_id in db.session.scalars(old.limit(AT_ONCE)).all():
        with atomic():
            offer = approval.locked(offer_id)
            if offer.state in OPEN:
                offer.state = "expired"
                approval.happened(offer, recording.SYSTEM, "expired")
                on_commit(partial(live.offer_changed, offer.id, offer.conversation_id))


def look_at(agreement_id: int) -> None:
    """A worker's turn with one agreement: read what was paid, then take each step that is due."""
    agreement = db.session.get_one(Agreement, agreement_id, populate_existing=True)
    snapshot = _read(agreement.document)
    with atomic():
        agreement = recording.locked(agreement_id)
        agreement.looked_at = clock.now()
        if snapshot is not None:
            take_payments(agreement, snapshot)
    move_on(agreement_id)


def move_on(agreement_id: int) -> None:
    """Take each step that is due now."""
    for _turn in range(MOST_A_LOOK):
        if not _step(agreement_id):
            return


def _read(document: str) -> Snapshot | None:
    """The ERP's word, or None while it has none: nothing ends on what is not known."""
    try:
        snapshot = lookups.look_up_now(document, actor=None, refresh=False)
    except GuicheError as fault:
        log.warning("agreement_not_read", reason=str(fault.message))
        return None
    return snapshot if snapshot.state == "fresh" else None


def take_payments(agreement: Agreement, snapshot: Snapshot) -> None:
    """Keep what the ERP shows as paid of a locked agreement."""
    bill = agreement.erp_bill or agreement.bill
    contract = reading.contract(snapshot, int(bill)) if bill.isdecimal() else None
    if contract is None:
        return
    rows = {one.number: one for one in payments_of(agreement.id)}
    for found in matching.paid([plain(one) for one in rows.values()], contract.instalments):
        keep_payment(agreement, rows[found.number], found.on, found.amount, "erp")


def keep_payment(
    agreement: Agreement,
    payment: AgreementPayment,
    on: date,
    amount: int,
    source: str,
    by: User | str = recording.SYSTEM,
) -> None:
    """One payment came, in the transaction of a locked agreement."""
    payment.paid_on, payment.paid, payment.paid_source = on, amount, source
    agreement.next_due = _next_due(agreement.id)
    recording.happened(
        agreement, "paid", by, way=source, number=payment.number, amount=brl(amount), on=day(on)
    )


def _next_due(agreement_id: int) -> date | None:
    db.session.flush()
    query = select(AgreementPayment.due).where(
        AgreementPayment.agreement_id == agreement_id, AgreementPayment.paid_on.is_(None)
    )
    return db.session.scalar(query.order_by(AgreementPayment.number).limit(1))


def local_today() -> date:
    """The company's day."""
    return clock.now().astimezone(clock.COMPANY_ZONE).date()


def _step(agreement_id: int) -> bool:
    """Take what is due now; whether the state changed, so that more may follow."""
    agreement = db.session.scalars(
        select(Agreement)
        .where(Agreement.id == agreement_id)
        .options(selectinload(Agreement.payments))
        .execution_options(populate_existing=True)
    ).one()
    if agreement.check_state != "confirmed":
        return False
    rows = [plain(one) for one in agreement.payments]
    changed = False
    for step in next_steps(State(agreement.state), local_today(), rows):
        if step.act is Act.BECOME:
            changed = _become(agreement_id, step) or changed
        else:
            reminding.write(agreement_id, step)
    return changed


def _become(agreement_id: int, step: Step) -> bool:
    with atomic():
        agreement = recording.locked(agreement_id)
        rows = [plain(one) for one in payments_of(agreement_id)]
        again = next_steps(State(agreement.state), local_today(), rows)
        if step not in again or step.state is None:
            return False  # a payment came meanwhile
        recording.become(agreement, step.state)
        if step.state is State.BROKEN:
            undo(agreement, _("Desfazer o acordo no Sienge: parcela não paga"))
        elif step.state is State.EXPIRED:
            undo(agreement, _("Desfazer o acordo no Sienge: entrada não paga"))
        elif step.state is State.EFFECTIVE:
            issuing.end_promises(agreement)
    return True


def undo(agreement: Agreement, title: str) -> None:
    """The original instalments come back, what was paid imputed in the order of dates (§4.5)."""
    came = [one for one in payments_of(agreement.id) if one.paid_on]
    figures = [[_("Acordo"), agreement.number], [_("Contrato / título"), agreement.bill]]
    for one in came:
        name = _("Entrada paga") if one.number == 0 else _("Parcela %(n)s paga", n=one.number)
        figures.append([name, f"R$ {brl(one.paid or one.amount)} · {_day(one.paid_on)}"])
    figures.append([_("Voltam as parcelas originais"), _("sem os descontos do acordo")])
    recording.close_task(agreement, "launch")
    recording.open_task("undo", title, figures, agreement)


def _day(value: date | None) -> str:
    return day(value) if value else ""
