"""Reading contacts: what the context pane shows, and whom a contact could be merged with."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import AuditEntry, User
from app.contacts import phones, searching
from app.contacts.consent.models import OptOut
from app.contacts.custom_fields import queries as custom_fields
from app.contacts.custom_fields.queries import Shown
from app.contacts.locking import end_of_chain
from app.contacts.models import Contact, ContactIdentity, ContactMerge, ContactNote
from app.errors import NotFound
from app.extensions import db
from app.labels.queries import Known as Label
from app.labels.queries import known as known_labels

PAGE = 10
MOST_NOTES = 50
MOST_HISTORY = 50


@dataclass(frozen=True, slots=True)
class Pane:
    """Everything the context pane shows of a contact."""

    contact: Contact
    version: int  # the contact's and the field definitions' together
    phones: list[ContactIdentity]
    lids: list[ContactIdentity]
    removable: set[int]  # ids of the phones that staff may take back
    fields: list[Shown]  # custom fields with this contact's values
    labels: list[Label]  # those it carries
    offered: list[Label]  # those that could be put on it
    labels_version: int  # of all labels together
    notes: list[tuple[ContactNote, str]]  # with the author's name, newest first
    merges: list[tuple[ContactMerge, str]]  # that can be undone, with the absorbed one's name


def pane(contact_id: int) -> Pane:
    """The pane of a contact, or of the one that took it in; raises NotFound."""
    contact = _with_everything(contact_id)
    notes = db.session.execute(
        select(ContactNote, User.name)
        .join(User, User.id == ContactNote.author_id)
        .where(ContactNote.contact_id == contact.id)
        .order_by(ContactNote.id.desc())
        .limit(MOST_NOTES)
    ).all()
    identities, fields, known = contact.identities, custom_fields.everything(), known_labels()
    return Pane(
        contact,
        contact.version + sum(field.version for field in fields),
        [identity for identity in identities if identity.kind == "phone"],
        [identity for identity in identities if identity.kind == "lid"],
        {one.id for one in identities if phones.is_removable(one, identities)},
        custom_fields.shown(contact.fields, (one for one in fields if not one.archived)),
        [one for one in known if one.id in contact.label_ids],
        [one for one in known if one.id not in contact.label_ids and not one.archived],
        sum(one.version for one in known),
        [(note, name) for note, name in notes],
        [(made, made.absorbed.name) for made in contact.merges],
    )


def _with_everything(contact_id: int) -> Contact:
    """The contact that stands for this one, with what little it has several of, in one query."""
    query = (
        select(Contact)
        .where(Contact.id == end_of_chain(contact_id))
        .options(
            joinedload(Contact.identities),
            joinedload(Contact.merges).joinedload(ContactMerge.absorbed),
            joinedload(Contact.opt_outs).options(
                joinedload(OptOut.made_by), joinedload(OptOut.channel)
            ),
        )
        .execution_options(populate_existing=True)
    )
    contact = db.session.scalars(query).unique().one_or_none()
    if contact is None:
        raise NotFound
    return contact


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
