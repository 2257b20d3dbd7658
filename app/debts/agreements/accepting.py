"""Accepting one proposal of an offer, once; the ERP is then read again before anything follows."""

import hashlib
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.conversations import service as desk
from app.conversations.threads import note_event
from app.debts.agreements import live, recording
from app.debts.agreements.figures import Figures, Option
from app.debts.agreements.frozen import document_of, figures_of
from app.debts.agreements.lifecycle import State
from app.debts.agreements.models import Agreement, AgreementPayment
from app.debts.agreements.sending import active_agreement, find
from app.debts.simulations import approval
from app.debts.simulations.content import hash_of
from app.debts.simulations.models import DebtOffer
from app.errors import Conflict, GuicheError
from app.extensions import db
from app.queueing import enqueue
from app.transactions import atomic, on_commit


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What was chosen, by whom and how: kept as evidence.

    `how` is message, page or staff; `proof` what shows it (message and text, address, note).
    """

    letter: str
    how: str
    proof: dict[str, Any]
    message_id: int | None = None
    by: User | None = None


def accept(offer_id: int, given: Acceptance) -> Agreement:
    """The agreement of an offer: a new one, or the one there is when the same letter comes again.

    Its debt is then read again by a worker, before the term is issued. Raises Conflict when the
    offer was not sent, is over, or another letter was accepted.
    """
    offer = find(offer_id)
    with atomic():
        if offer.conversation_id is not None:
            desk.lock_contact_of(offer.conversation_id)
            desk.locked(offer.conversation_id)
        offer = approval.locked(offer_id)
        known = of_offer(offer.id)
        if known is not None:
            if known.option != given.letter:
                raise Conflict(
                    _("Você já aceitou a opção %(letter)s desta proposta.", letter=known.option)
                )
            return known
        option = _option(offer, given.letter)
        return _agreed(offer, option, given)


def of_offer(offer_id: int) -> Agreement | None:
    """What became of an offer, if it was accepted."""
    query = select(Agreement).where(Agreement.offer_id == offer_id)
    return db.session.scalar(query.execution_options(populate_existing=True))


def _option(offer: DebtOffer, letter: str) -> Option:
    if offer.state != "sent":
        raise Conflict(_("Esta proposta não está mais aberta. Peça uma nova simulação."))
    if offer.valid_until < _today():
        raise Conflict(_("Esta proposta venceu. Peça uma nova simulação."))
    if hash_of(offer.content) != offer.content_hash:
        raise Conflict(_("Esta proposta não confere com a que foi aprovada. Fale com a equipe."))
    if active_agreement(offer.erp, offer.bill) is not None:
        raise Conflict(_("Este contrato já tem um acordo em andamento."))
    option = figures_of(offer).option(letter)
    if option is None:
        raise GuicheError(_("Escolha uma das opções da proposta."), 422)
    return option


def _agreed(offer: DebtOffer, option: Option, given: Acceptance) -> Agreement:
    now = clock.now()
    made = Agreement(
        number=_next_number(), offer_id=offer.id, erp=offer.erp, customer=offer.customer,
        bill=offer.bill, about=offer.about, document=document_of(offer),
        contact_id=offer.contact_id, conversation_id=offer.conversation_id, option=given.letter,
        content_hash=offer.content_hash, total=option.proposal.total, state=State.ACCEPTED,
        check_state="pending", next_check_at=now, attempts=0, how=given.how,
        evidence=_evidence(offer, given), accepted_at=now, erp_bill="", version=0,
        next_due=option.payments[0].due if option.payments else None,
    )  # fmt: skip
    try:
        with atomic():
            db.session.add(made)
            db.session.flush()
    except IntegrityError:
        raise Conflict(_("Este contrato já tem um acordo em andamento.")) from None
    _add_payments(made, option)
    offer.state = "accepted"
    actor = given.by or recording.CUSTOMER
    approval.happened(offer, actor, "accepted", given.letter)
    audit.record(actor, "offer.accepted", "offer", offer.id, None, {"option": given.letter})
    recording.happened(
        made, "accepted", actor, way=given.how, message_id=given.message_id,
        text_hash=str(made.evidence.get("text_hash", "")), option=given.letter,
    )  # fmt: skip
    if offer.conversation_id is not None:
        conversation = desk.locked(offer.conversation_id)
        note_event(conversation, "offer_accepted", given.by, option=given.letter, offer=offer.id)
    on_commit(partial(live.offer_changed, offer.id, offer.conversation_id))
    on_commit(partial(wake_check, made.id))
    return made


def wake_check(agreement_id: int) -> None:
    """Ask a worker to read the ERP again."""
    enqueue("jobs.live.check_agreement", agreement_id, queue="live")


def _evidence(offer: DebtOffer, given: Acceptance) -> dict[str, Any]:
    text = str(given.proof.get("text", ""))
    return given.proof | {
        "content_hash": offer.content_hash,
        "text_hash": hashlib.sha256(text.encode()).hexdigest() if text else "",
    }


def _add_payments(made: Agreement, option: Option) -> None:
    db.session.add_all(
        AgreementPayment(
            agreement_id=made.id, number=one.number, due=one.due, payable_until=one.payable_until,
            amount=one.amount,
        )
        for one in option.payments
    )  # fmt: skip
    db.session.flush()


def _next_number() -> str:
    """`AC-2026-000123`, in the order of acceptance; no two in one instant get the same."""
    key = func.hashtextextended("agreement number", 0)
    db.session.execute(select(func.pg_advisory_xact_lock(key)))
    year = _today().year
    last = db.session.scalar(
        select(func.max(Agreement.number)).where(Agreement.number.like(f"AC-{year}-%"))
    )
    return f"AC-{year}-{int(last.rpartition('-')[2]) + 1 if last else 1:06d}"


def _today() -> Any:
    return clock.now().astimezone(clock.COMPANY_ZONE).date()


def figures(agreement: Agreement) -> tuple[Figures, Option]:
    """What was agreed, from the offer's frozen content. Raises Conflict where it was altered."""
    offer = find(agreement.offer_id)
    if hash_of(offer.content) != agreement.content_hash:
        raise Conflict(_("O conteúdo do acordo não confere com o que foi aceito."))
    found = figures_of(offer)
    option = found.option(agreement.option)
    if option is None:
        raise Conflict(_("O conteúdo do acordo não confere com o que foi aceito."))
    return found, option
