"""What can be done with contacts; nothing else writes their tables."""

import re
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.contacts import hooks, ids
from app.contacts.merging import final, merge, undo_merge
from app.contacts.models import Contact, ContactIdentity, ContactNote
from app.contacts.resolution import Sender, resolve, send_address, sender
from app.errors import Conflict, GuicheError, NotFound
from app.extensions import current_settings, db
from app.transactions import atomic

__all__ = [
    "InvalidContact",
    "Sender",
    "add_note",
    "add_phone",
    "edit",
    "final",
    "find",
    "merge",
    "resolve",
    "reveal_cpf",
    "send_address",
    "sender",
    "undo_merge",
]

LANGUAGES = {"pt-BR": "Português", "en": "English", "es": "Español"}
MAX_NAME = 120
MAX_NOTE = 2_000
MAX_EMAIL = 254
# Each part ends where the next one begins, so there is one way only to try.
_EMAIL = re.compile(r"[^@\s]+@(?:[^@\s.]+\.)+[^@\s.]+")


class InvalidContact(GuicheError):
    """Values that cannot be; `faults` says by field what is wrong, in Portuguese."""

    status = 422

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(" ".join(faults.values()))
        self.faults = dict(faults)


def find(contact_id: int) -> Contact:
    """The contact, or the one that took it in; raises NotFound."""
    return db.session.get_one(Contact, final(contact_id))


def edit(contact_id: int, by: User, values: Mapping[str, str]) -> Contact:
    """Change `name`, `email`, `language` or `cpf`; what is not named stays. Raises InvalidContact.

    An empty value clears the field, except that a name is needed once it was typed.
    """
    checked = _checked(values)
    with atomic():
        contact = _locked(contact_id)
        before = {name: getattr(contact, name) for name in checked}
        if before == checked:
            return contact
        for name, value in checked.items():
            setattr(contact, name, value)
        if "name" in checked:
            contact.name_is_typed = True
        audit.record(by, "contact.edited", "contact", contact.id, _masked(before), _masked(checked))
        hooks.changed(contact, renamed="name" in checked)
        return contact


def _checked(values: Mapping[str, str]) -> dict[str, str | None]:
    checked: dict[str, str | None] = {}
    faults = {}
    for name, text in values.items():
        try:
            checked[name] = _CHECKS[name](text.strip())
        except ValueError as fault:
            faults[name] = str(fault)
    if faults:
        raise InvalidContact(faults)
    return checked


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not 1 <= len(name) <= MAX_NAME:
        raise ValueError("Informe um nome de até 120 letras.")
    return name


def _email(text: str) -> str | None:
    if text and (len(text) > MAX_EMAIL or not _EMAIL.fullmatch(text)):
        raise ValueError("Este e-mail não parece certo.")
    return text.lower() or None


def _language(text: str) -> str:
    if text not in LANGUAGES:
        raise ValueError("Escolha um dos idiomas da lista.")
    return text


def _cpf(text: str) -> str | None:
    digits = ids.cpf(text) if text else None
    if text and digits is None:
        raise ValueError("Este CPF não é válido: confira os números.")
    return digits


_CHECKS = {"name": _name, "email": _email, "language": _language, "cpf": _cpf}


def _masked(values: Mapping[str, str | None]) -> dict[str, str | None]:
    """For the audit log: that a CPF changed, not which it is."""
    cpf = values.get("cpf")
    return {**values, "cpf": ids.mask_cpf(cpf)} if cpf else dict(values)


def add_phone(contact_id: int, by: User, text: str) -> ContactIdentity:
    """Add a telephone that staff typed. Raises InvalidContact, or Conflict naming whose it is."""
    try:
        phone = ids.phone(text, fictitious=current_settings().fictitious_data)
    except ids.InvalidPhone as fault:
        raise InvalidContact({"phone": str(fault)}) from None
    key = ids.match_key(phone.e164)
    with atomic():
        contact = _locked(contact_id)
        holder = db.session.scalar(select(ContactIdentity).where(ContactIdentity.match_key == key))
        if holder is not None and holder.contact_id == contact.id:
            raise InvalidContact({"phone": "Este contato já tem este telefone."})
        if holder is not None:
            name = db.session.get_one(Contact, holder.contact_id).name
            raise Conflict(f"Este telefone já é do contato {name or 'sem nome'}.")
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
        raise InvalidContact({"body": "Escreva uma nota de até 2.000 letras."})
    with atomic():
        contact = _locked(contact_id)
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


def _locked(contact_id: int) -> Contact:
    contact = db.session.get(Contact, final(contact_id), with_for_update={"key_share": True})
    if contact is None or contact.merged_into_id is not None:
        raise Conflict("Este contato acabou de mudar; confira e tente de novo.")
    return contact
