"""Proving who one is: the tries of a day, what was proved in a conversation, and taking it back."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from app import clock, secrets
from app.accounts import audit
from app.accounts.models import User
from app.company import service as company
from app.conversations.models import Conversation
from app.debts.agreements import identity, live
from app.debts.agreements.models import DebtIdentification, DebtPause, IdentityTry
from app.debts.agreements.saying.wording import IDENTIFIED_HOURS
from app.debts.lookups import service as lookups
from app.errors import GuicheError
from app.extensions import db
from app.transactions import atomic, on_commit

MOST_TRIES = 3  # of one contact on one day
MOST_OF_DOCUMENT = 9  # whoever tries: a document is not guessed from many telephones
RIGHT, WRONG, SPENT, UNKNOWN = "right", "wrong", "spent", "unknown"


def check(subject: str, document: str, proof: identity.Proof) -> str:
    """RIGHT, WRONG, SPENT when the day's tries are used up, UNKNOWN where nothing can be compared.

    Each try counts, whatever becomes of it. Commits by itself, so that a failure behind it gives no
    try back.
    """
    with atomic():
        mine = _spend(subject, MOST_TRIES)
        theirs = _spend(f"document:{secrets.mark(document)}", MOST_OF_DOCUMENT)
    if not (mine and theirs):
        return SPENT
    snapshot = lookups.latest(document)
    customers = (snapshot.content.get("customers") or []) if snapshot else []
    facts = [identity.facts_of(one) for one in customers]
    if not any(one.can_be_checked for one in facts):
        return UNKNOWN
    return RIGHT if any(identity.matches(proof, one) for one in facts) else WRONG


def holder_of(document: str) -> str:
    """The name that the ERP has for a document; empty where it was never looked up."""
    snapshot = lookups.latest(document)
    customers = (snapshot.content.get("customers") or []) if snapshot else []
    return str(customers[0].get("name") or "") if customers else ""


def tries_left(subject: str) -> int:
    """How often this contact may still try today."""
    query = select(IdentityTry.tries).where(
        IdentityTry.subject == subject, IdentityTry.day == _today()
    )
    return max(0, MOST_TRIES - (db.session.scalar(query) or 0))


def subject_of(contact_id: int | None, offer_id: int) -> str:
    """Whose tries they are: the contact's wherever they try, else the offer's."""
    return f"contact:{contact_id}" if contact_id else f"offer:{offer_id}"


def _spend(subject: str, most: int) -> bool:
    added = (
        insert(IdentityTry)
        .values(subject=subject, day=_today(), tries=1)
        .on_conflict_do_update(
            index_elements=["subject", "day"],
            set_={"tries": IdentityTry.tries + 1},
            where=IdentityTry.tries < most,
        )
        .returning(IdentityTry.tries)
    )
    return db.session.scalar(added) is not None


def _today() -> object:
    return clock.now().astimezone(clock.COMPANY_ZONE).date()


def in_force(conversation: Conversation) -> DebtIdentification | None:
    """Whom who talks here proved to be; None once it is too old, or the talk was closed since."""
    since = clock.now() - timedelta(hours=company.get(IDENTIFIED_HOURS))
    query = select(DebtIdentification).where(
        DebtIdentification.conversation_id == conversation.id,
        DebtIdentification.contact_id == conversation.contact_id,
        DebtIdentification.ended_at.is_(None),
        DebtIdentification.at > max(since, conversation.opened_at or since),
    )
    if conversation.status != "open":
        return None
    return db.session.scalar(query.order_by(DebtIdentification.id.desc()).limit(1))


def confirm(
    conversation: Conversation,
    document: str,
    how: str,
    *,
    message_id: int | None = None,
    by: User | None = None,
    note: str = "",
) -> DebtIdentification:
    """Keep, in the transaction of a locked conversation, that they are the holder."""
    end(conversation)
    made = DebtIdentification(
        contact_id=conversation.contact_id,
        conversation_id=conversation.id,
        document=document,
        how=how,
        note=" ".join(note.split())[:300],
        message_id=message_id,
        by_id=by.id if by else None,
        at=clock.now(),
    )
    db.session.add(made)
    told = {"how": how, "note": made.note}
    actor = by or "cliente"
    audit.record(actor, "debts.identified", "conversation", conversation.id, None, told)
    on_commit(lambda: live.conversation_changed(conversation.id))
    return made


def confirm_by_staff(conversation: Conversation, document: str, by: User, note: str) -> None:
    """A person checked it by another way (documents, a call), and says how."""
    if len(note.strip()) < 5:
        raise GuicheError("Diga como você conferiu a identidade.", 422)
    confirm(conversation, document, "staff", by=by, note=note)


def end(conversation: Conversation) -> None:
    """Nobody here is taken for the holder any more."""
    db.session.execute(
        update(DebtIdentification)
        .where(
            DebtIdentification.conversation_id == conversation.id,
            DebtIdentification.ended_at.is_(None),
        )
        .values(ended_at=clock.now())
    )
    on_commit(lambda: live.conversation_changed(conversation.id))


def not_the_holder(conversation: Conversation, document: str) -> None:
    """Who answers here is somebody else: nothing about this document goes here any more."""
    end(conversation)
    db.session.add(
        DebtPause(
            contact_id=conversation.contact_id, kind="not_holder", document=document,
            made_at=clock.now(),
        )
    )  # fmt: skip
    told = {"kind": "not_holder"}
    audit.record("cliente", "debts.wrong_number", "conversation", conversation.id, None, told)
