"""Reading contacts: what the context pane shows, and whom a contact could be merged with."""

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, literal_column, or_, select
from sqlalchemy.orm import aliased, selectinload

from app.accounts.models import User
from app.contacts import ids, phones, service
from app.contacts.models import Contact, ContactIdentity, ContactMerge, ContactNote
from app.extensions import current_settings, db

PAGE = 10
MOST_NOTES = 50
MIN_DIGITS = 4


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
    conditions = _matches(text)
    if not conditions:
        return Candidates([], False)
    query = (
        select(Contact)
        .where(Contact.merged_into_id.is_(None), Contact.id != contact_id, or_(*conditions))
        .options(selectinload(Contact.identities))
        .order_by(Contact.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(Contact.id < before)
    found = list(db.session.scalars(query))
    return Candidates(found[:PAGE], len(found) > PAGE)


def _matches(text: str) -> list[Any]:
    """What each way of reading the text would match."""
    found: list[Any] = []
    words = re.findall(r"\w+", text)
    if words and any(word.isalpha() for word in words):
        wanted = func.to_tsquery("simple", func.fold(" & ".join(f"{word}:*" for word in words)))
        found.append(
            literal_column("to_tsvector('simple'::regconfig, fold(contacts.name))").op("@@")(wanted)
        )
    if (cpf := ids.cpf(text)) is not None:
        found.append(Contact.cpf == cpf)
    digits = re.sub(r"[^0-9]", "", text)
    if len(digits) >= MIN_DIGITS:
        found.append(Contact.id.in_(_by_phone(text, digits)))
    return found


def _by_phone(text: str, digits: str) -> Any:
    owners = select(ContactIdentity.contact_id)
    try:
        phone = ids.phone(text, fictitious=current_settings().fictitious_data)
    except ids.InvalidPhone:
        return owners.where(ContactIdentity.kind == "phone", ContactIdentity.value.contains(digits))
    return owners.where(ContactIdentity.match_key == ids.match_key(phone.e164))
