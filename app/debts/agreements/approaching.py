"""Asking the conduct rules before a message about a debt, with what the database knows."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import or_, select

from app import clock
from app.contacts.consent import service as consent
from app.contacts.models import Contact, ContactIdentity
from app.conversations.models import Conversation
from app.debts.agreements import conduct, identification, places
from app.debts.agreements.conduct import Approach, Refusal
from app.debts.agreements.models import DebtApproach, DebtIdentification, DebtPause
from app.debts.engine.statement.contract import BLOCK_WORDS, Block
from app.debts.lookups import reading
from app.debts.lookups import service as lookups
from app.errors import Conflict
from app.extensions import db
from app.words import said


def of_conversation(
    conversation: Conversation,
    document: str,
    *,
    bill: str = "",
    names_debt: bool = True,
    valid_until: date | None = None,
    own_agreement: bool = False,
) -> Approach:
    """What is known before a message in a conversation.

    `own_agreement`: it is about what they accepted themselves, so it is enough that they proved who
    they are here at some time.
    """
    found = identification.in_force(conversation)
    identified = found is not None and found.document == document
    base = of_contact(conversation.contact, document, bill=bill, valid_until=valid_until)
    return replace(
        base,
        identified=identified or (own_agreement and was_identified(conversation, document)),
        names_debt=names_debt,
        opted_out=not consent.may_write_first(conversation.contact_id, conversation.channel_id),
        last_inbound=conversation.last_inbound_at,
        place=places.of_phone(phone_of(conversation.contact_id, conversation.identity_id)),
    )


def of_contact(
    contact: Contact, document: str, *, bill: str = "", valid_until: date | None = None
) -> Approach:
    """What is known before a message to somebody outside a conversation."""
    now = clock.now()
    pauses = list(
        db.session.scalars(
            select(DebtPause).where(
                DebtPause.contact_id == contact.id,
                DebtPause.ended_at.is_(None),
                or_(DebtPause.document == "", DebtPause.document == document),
            )
        )
    )
    promises = [one.until for one in pauses if one.kind == "promise" and one.until]
    return Approach(
        now=now,
        place=places.of_phone(phone_of(contact.id, contact.last_phone_id)),
        opted_out=consent.opted_out(contact.id) is not None,
        not_holder=any(one.kind == "not_holder" for one in pauses),
        disputed=any(one.kind == "dispute" for one in pauses),
        promise_until=max(promises, default=None),
        blocks=blocks_of(document, bill),
        earlier=tuple(_earlier(contact.id)),
        valid_until=valid_until,
    )


def was_identified(conversation: Conversation, document: str) -> bool:
    """Whether the holder ever proved themselves in this conversation."""
    query = select(DebtIdentification.id).where(
        DebtIdentification.conversation_id == conversation.id,
        DebtIdentification.contact_id == conversation.contact_id,
        DebtIdentification.document == document,
    )
    return db.session.scalar(query.limit(1)) is not None


def blocks_of(document: str, bill: str) -> tuple[str, ...]:
    """What stops messages about a contract, in words, as the last look-up has it."""
    snapshot = lookups.latest(document) if document else None
    if snapshot is None:
        return ()
    found = reading.contracts(snapshot)
    chosen = [one for one in found if not bill or str(one.bill_id) == bill]
    blocks = {Block(one.block) for contract in chosen for one in contract.blocks}
    return tuple(said(BLOCK_WORDS[block].reason) for block in sorted(blocks))


def require(approach: Approach) -> None:
    """Raise Conflict with every reason why nothing may be sent now."""
    found = conduct.refusals(approach)
    if found:
        raise Conflict(" ".join(sentence(one) for one in found))


def sentence(refusal: Refusal) -> str:
    """A refusal in words."""
    return _(refusal.text) % refusal.values if refusal.values else _(refusal.text)


def note(
    approach: Approach, contact_id: int, document: str, kind: str, message_id: int | None = None
) -> None:
    """Count a message that went out unasked, in the transaction of it; answers do not count."""
    if conduct.is_answer(approach):
        return
    db.session.add(
        DebtApproach(
            contact_id=contact_id, document=document, kind=kind, at=clock.now(),
            message_id=message_id,
        )
    )  # fmt: skip


def _earlier(contact_id: int) -> list[datetime]:
    query = select(DebtApproach.at).where(
        DebtApproach.contact_id == contact_id,
        DebtApproach.at > clock.now() - timedelta(days=7),
    )
    return list(db.session.scalars(query))


def phone_of(contact_id: int, identity_id: int | None) -> str | None:
    """A contact's telephone (E.164), this one if they have it."""
    query = select(ContactIdentity.value).where(
        ContactIdentity.contact_id == contact_id, ContactIdentity.kind == "phone"
    )
    chosen = (ContactIdentity.id == identity_id).desc() if identity_id else ContactIdentity.id
    return db.session.scalar(query.order_by(chosen, ContactIdentity.id).limit(1))
