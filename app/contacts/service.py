"""What can be done with contacts; nothing else writes their tables."""

from collections.abc import Mapping

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.contacts import checking, hooks, ids
from app.contacts.checking import LANGUAGES, InvalidContact, masked
from app.contacts.consent.service import may_write_first, opted_out
from app.contacts.creation import create
from app.contacts.custom_fields import queries
from app.contacts.custom_fields import service as custom_fields
from app.contacts.locking import end_of_chain, final, locked
from app.contacts.merging import merge, undo_merge
from app.contacts.models import Contact, ContactIdentity, ContactNote
from app.contacts.resolution import Sender, free_senders, resolve, send_address, sender
from app.errors import Conflict, NotFound
from app.extensions import db
from app.labels import service as labels
from app.transactions import atomic

__all__ = [
    "LANGUAGES",
    "InvalidContact",
    "Sender",
    "add_note",
    "add_phone",
    "create",
    "edit",
    "final",
    "find",
    "free_senders",
    "label",
    "may_write_first",
    "merge",
    "opted_out",
    "resolve",
    "reveal_cpf",
    "send_address",
    "sender",
    "undo_merge",
]

MAX_NOTE = 2_000


def find(contact_id: int) -> Contact:
    """The contact, or the one that took it in; raises NotFound."""
    contact = db.session.scalars(
        select(Contact).where(Contact.id == end_of_chain(contact_id))
    ).one_or_none()
    if contact is None:
        raise NotFound
    return contact


def edit(
    contact_id: int, by: User, values: Mapping[str, str], custom: Mapping[int, str] | None = None
) -> Contact:
    """Change `name`, `email`, `language` or `cpf`, and custom fields by their id; what is not named
    stays. Raises InvalidContact.

    An empty value clears the field, except that a name is needed once it was typed.
    """
    fields = queries.in_use() if custom else []
    checked, kept = checking.all_checked(values, custom or {}, fields)
    with atomic():
        contact = locked(contact_id)
        before = {name: getattr(contact, name) for name in checked}
        own = {**contact.fields, **kept}
        after = {key: value for key, value in own.items() if value is not None}
        if before == checked and after == contact.fields:
            return contact
        said = masked(before) | custom_fields.in_words(contact.fields, fields)
        for name, value in checked.items():
            setattr(contact, name, value)
        contact.fields = after
        if "name" in checked:
            contact.name_is_typed = True
        says = masked(checked) | custom_fields.in_words(after, fields)
        audit.record(by, "contact.edited", "contact", contact.id, said, says)
        hooks.changed(contact, renamed="name" in checked)
        return contact


def label(contact_id: int, by: User, label_id: int, on: bool) -> Contact:
    """Put a label on a contact, or take it off. Raises NotFound."""
    with atomic():
        contact, chosen = locked(contact_id), labels.find(label_id)
        if (label_id in contact.label_ids) == on:
            return contact
        others = [one for one in contact.label_ids if one != label_id]
        contact.label_ids = [*others, label_id] if on else others
        said = {"label": chosen.name}
        action = "contact.labelled" if on else "contact.unlabelled"
        before, after = (None, said) if on else (said, None)
        audit.record(by, action, "contact", contact.id, before, after)
        hooks.changed(contact)
        return contact


def add_phone(contact_id: int, by: User, text: str) -> ContactIdentity:
    """Add a telephone that staff typed. Raises InvalidContact, or Conflict naming whose it is."""
    phone = checking.phone(text)
    key = ids.match_key(phone.e164)
    with atomic():
        contact = locked(contact_id)
        holder = db.session.scalar(select(ContactIdentity).where(ContactIdentity.match_key == key))
        if holder is not None and holder.contact_id == contact.id:
            raise InvalidContact({"phone": _("Este contato já tem este telefone.")})
        if holder is not None:
            name = db.session.get_one(Contact, holder.contact_id).name
            owner = name or _("sem nome")
            raise Conflict(_("Este telefone já é do contato %(name)s.", name=owner))
        identity: ContactIdentity | None = db.session.scalar(
            insert(ContactIdentity)
            .values(contact_id=contact.id, kind="phone", value=phone.e164, match_key=key)
            .on_conflict_do_nothing(index_elements=["match_key"])
            .returning(ContactIdentity)
        )
        if identity is None:
            raise Conflict("Alguém acabou de escrever deste telefone; confira e tente de novo.")
        audit.record(by, "contact.phone_added", "contact", contact.id, None, {"phone": phone.e164})
        hooks.changed(contact)
        return identity


def add_note(contact_id: int, by: User, text: str) -> ContactNote:
    """Keep something that staff should know about this person."""
    body = text.strip()
    if not 1 <= len(body) <= MAX_NOTE:
        raise InvalidContact({"body": _("Escreva uma nota de até 2.000 letras.")})
    with atomic():
        contact = locked(contact_id)
        note = ContactNote(
            contact_id=contact.id, author_id=by.id, body=body, created_at=clock.now()
        )
        db.session.add(note)
        hooks.changed(contact)
        return note


def reveal_cpf(contact_id: int, by: User) -> str:
    """The whole CPF, digits only; that it was shown is recorded. Raises NotFound without one."""
    with atomic():
        contact = find(contact_id)
        if contact.cpf is None:
            raise NotFound
        audit.record(by, "contact.cpf_shown", "contact", contact.id)
        return contact.cpf
