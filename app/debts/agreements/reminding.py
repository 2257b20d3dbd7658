"""What is written to the customer about an agreement's payments, under the conduct rules."""

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import clock
from app.company import service as company
from app.conversations import service as desk
from app.conversations.models import Conversation
from app.debts.agreements import (
    accepting,
    approaching,
    conduct,
    issuing,
    recording,
    texts,
    tokens,
)
from app.debts.agreements.conduct import Refusal
from app.debts.agreements.figures import Payment
from app.debts.agreements.lifecycle import Act, Step, broken_on
from app.debts.agreements.models import Agreement, AgreementPayment
from app.debts.agreements.payments import plain
from app.debts.agreements.saying import composing, wording
from app.extensions import current_settings, db
from app.transactions import atomic

TEXTS = {Act.REMIND: wording.REMINDER, Act.CHASE: wording.MISSED, Act.NOTICE: wording.NOTICE}
KINDS = {Act.REMIND: "reminded", Act.CHASE: "chased", Act.NOTICE: "noticed"}
# What only keeps it from being said now; an hour later it is looked at again.
PASSING = {"hours", "day", "week"}


def write(agreement_id: int, step: Step) -> None:
    """Write about one payment, once. What may not be said now is tried again; what may not be said
    at all is kept in the history, so that somebody calls."""
    with atomic():
        agreement = db.session.get_one(Agreement, agreement_id, populate_existing=True)
        if agreement.conversation_id is None:
            _note(agreement_id, step, "no_conversation")
            return
        desk.lock_contact_of(agreement.conversation_id)
        conversation = _conversation(agreement.conversation_id)
        desk.locked(agreement.conversation_id)
        agreement = recording.locked(agreement_id)
        payment = _payment(agreement_id, step)
        if payment is None or _was_done(payment, step.act):
            return
        approach = approaching.of_conversation(
            conversation, agreement.document, bill=agreement.bill, own_agreement=True
        )
        found = conduct.refusals(approach)
        if any(one.rule in PASSING for one in found) and step.act is not Act.NOTICE:
            return
        if found:
            _not_said(agreement, payment, step, found)
            return
        text = _text(agreement, payment, step)
        key = f"agreement-{agreement.id}-{payment.number}-{KINDS[step.act]}"
        message = issuing.say(conversation, text, "reminder", key)
        if message is None:
            _not_said(agreement, payment, step, [])
            return
        approaching.note(
            approach, conversation.contact_id, agreement.document, KINDS[step.act], message.id
        )
        _done(payment, step.act)
        sha = hashlib.sha256(text.encode()).hexdigest()
        recording.happened(
            agreement, KINDS[step.act], way="conversation", message_id=message.id, text_hash=sha,
            number=payment.number,
        )  # fmt: skip


def _text(agreement: Agreement, payment: AgreementPayment, step: Step) -> str:
    figures, option = accepting.figures(agreement)
    due = Payment(payment.number, payment.due, payment.payable_until, payment.amount)
    values = composing.payment_values(
        figures.customer, current_settings().company_name, agreement.number, due,
        len(option.proposal.lines), figures.creditor, tokens.address_of(agreement.offer_id),
        broken_on(plain(payment)),
    )  # fmt: skip
    text = texts.fill(company.get(TEXTS[step.act]), values)
    return text[:1].upper() + text[1:]


def _not_said(
    agreement: Agreement, payment: AgreementPayment, step: Step, found: list[Refusal]
) -> None:
    """The notice counts as given only in the history: a person has to tell them another way."""
    _done(payment, step.act)
    reason = " ".join(approaching.sentence(one) for one in found)
    recording.happened(
        agreement, f"{KINDS[step.act]}_not_sent", number=payment.number, reason=reason
    )


def _note(agreement_id: int, step: Step, _why: str) -> None:
    agreement = recording.locked(agreement_id)
    payment = _payment(agreement_id, step)
    if payment is not None and not _was_done(payment, step.act):
        _not_said(agreement, payment, step, [])


def _was_done(payment: AgreementPayment, act: Act) -> bool:
    done = {
        Act.REMIND: payment.reminded_at,
        Act.CHASE: payment.chased_at,
        Act.NOTICE: payment.noticed_on,
    }
    return done[act] is not None or payment.paid_on is not None


def _done(payment: AgreementPayment, act: Act) -> None:
    now = clock.now()
    if act is Act.REMIND:
        payment.reminded_at = now
    elif act is Act.CHASE:
        payment.chased_at = now
    else:
        payment.noticed_on = now.astimezone(clock.COMPANY_ZONE).date()


def _payment(agreement_id: int, step: Step) -> AgreementPayment | None:
    query = select(AgreementPayment).where(
        AgreementPayment.agreement_id == agreement_id, AgreementPayment.number == step.number
    )
    return db.session.scalar(query.execution_options(populate_existing=True))


def _conversation(conversation_id: int) -> Conversation:
    query = (
        select(Conversation)
        .where(Conversation.id == conversation_id)
        .options(joinedload(Conversation.contact))
    )
    return db.session.scalars(query).one()
