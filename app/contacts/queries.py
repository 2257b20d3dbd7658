"""Reading contacts: what the context pane shows, and whom a contact could be merged with."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import aliased, selectinload

from app.accounts.models import AuditEntry, User
from app.contacts import phones, searching, service
from app.contacts.models import Contact, ContactIdentity, ContactMerge, ContactNote
from app.extensions import db

PAGE = 10
MOST_NOTES = 50
MOST_HISTORY = 50


@dataclass(frozen=True, slots=True)
class Pane:
    """Everything the context pane shows of a contact."""

    contact: Contact
    phones: list[ContactIdentity]
    lids: list[ContactIdentity]
    removable: set[int]  # ids of the phones that staff may take back
    notes: list[tuple[ContactNote, str]]  # with the author's name, newest first
    merges: list[tuple[ContactMerge, str]]  # that can be undone, with the absorbed one's name


def pane(contact_id: int) -> Pane:
    """The pane of a contact, or of the one that took it in; raises NotFound."""
    contact = service.find(contact_id)
    identities = db.session.scalars(
        select(ContactIdentity)
        .where(ContactIdentity.contact_id == contact.id)
        .order_by(ContactIdentity.id)
    ).all()
    notes = db.session.execute(
        select(ContactNote, User.name)
        .join(User, User.id == ContactNote.author_id)
        .where(ContactNote.contact_id == contact.id)
        .order_by(ContactNote.id.desc())
        .limit(MOST_NOTES)
    ).all()
    absorbed = aliased(Contact)
    merges = db.session.execute(
        select(ContactMerge, absorbed.name)
        .join(absorbed, absorbed.id == ContactMerge.absorbed_id)
        .where(ContactMerge.kept_id == contact.id, ContactMerge.undone_at.is_(None))
        .order_by(ContactMerge.id.desc())
    ).all()
    return Pane(
        contact,
        [identity for identity in identities if identity.kind == "phone"],
        [identity for identity in identities if identity.kind == "lid"],
        {one.id for one in identities if phones.is_removable(one, list(identities))},
        [(note, name) for note, name in notes],
        [(made, name) for made, name in merges],
    )


@dataclass(frozen=True, slots=True)
class Candidates:
    """A page of contacts that match a search; `more` says that older ones follow."""

    contacts: list[Contact]
    more: bool


def candidates(contact_id: int, text: str, before: int | None = None) -> Candidates:
    """Contacts other than this one by words of the name, telephone or CPF; newest first."""
    matching = searching.matching(text)
    if matching is None:
        return Candidates([], False)
    query = (
        select(Contact)
        .where(Contact.merged_into_id.is_(None), Contact.id != contact_id, matching)
        .options(selectinload(Contact.identities))
        .order_by(Contact.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(Contact.id < before)
    found = list(db.session.scalars(query))
    return Candidates(found[:PAGE], len(found) > PAGE)


def history(contact_id: int) -> list[AuditEntry]:
    """What was done with the contact, newest first; the whole of it is in the audit log."""
    entries = select(AuditEntry).where(
        AuditEntry.entity_type == "contact", AuditEntry.entity_id == str(contact_id)
    )
    return list(db.session.scalars(entries.order_by(AuditEntry.id.desc()).limit(MOST_HISTORY)))
