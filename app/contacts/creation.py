"""A contact that staff make by hand, before they ever wrote."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.accounts import audit
from app.accounts.models import User
from app.contacts import checking, hooks, ids
from app.contacts.checking import InvalidContact
from app.contacts.models import Contact, ContactIdentity
from app.errors import GuicheError
from app.extensions import db
from app.transactions import atomic


class AlreadyThere(GuicheError):
    """Somebody has this phone or CPF; `contact_id` is whose page to open instead."""

    status = 409

    def __init__(self, field: str, contact: Contact) -> None:
        what = {"phone": "Este telefone", "cpf": "Este CPF"}[field]
        super().__init__(f"{what} já é do contato {contact.name or 'sem nome'}.")
        self.field, self.contact_id = field, contact.id


def create(by: User, values: Mapping[str, str]) -> Contact:
    """Make a contact of `name`, and at least one of `phone`, `cpf` and `email`; `language` may be.

    Raises InvalidContact, or AlreadyThere when it would be somebody's double.
    """
    given = {name: text for name, text in values.items() if text.strip() or name == "name"}
    if not {"phone", "cpf", "email"} & set(given):
        raise InvalidContact({"phone": "Informe ao menos um: telefone, CPF ou e-mail."})
    phone, fields = _checked(given)
    with atomic():
        _refuse_doubles(phone, fields.get("cpf"))
        contact = Contact(**fields, name_is_typed=True)
        db.session.add(contact)
        db.session.flush()
        if phone is not None:
            _add(contact, phone)
        after = {**checking.masked(fields), **({"phone": phone.e164} if phone else {})}
        audit.record(by, "contact.created", "contact", contact.id, None, after)
        hooks.changed(contact)
        return contact


def _checked(given: dict[str, str]) -> tuple[ids.Phone | None, dict[str, str | None]]:
    """Every fault at once, the phone's among them."""
    faults: dict[str, str] = {}
    phone = None
    try:
        phone = checking.phone(given.pop("phone")) if "phone" in given else None
    except InvalidContact as fault:
        faults |= fault.faults
    try:
        fields = checking.checked(given)
    except InvalidContact as fault:
        faults |= fault.faults
    if faults:
        raise InvalidContact(faults)
    return phone, fields


def _refuse_doubles(phone: ids.Phone | None, cpf: str | None) -> None:
    if phone is not None:
        key = ids.match_key(phone.e164)
        holder = db.session.scalar(
            select(Contact).join(ContactIdentity).where(ContactIdentity.match_key == key)
        )
        if holder is not None:
            raise AlreadyThere("phone", holder)
    if cpf is not None:
        alike = select(Contact).where(Contact.cpf == cpf, Contact.merged_into_id.is_(None))
        holder = db.session.scalars(alike.order_by(Contact.id).limit(1)).first()
        if holder is not None:
            raise AlreadyThere("cpf", holder)


def _add(contact: Contact, phone: ids.Phone) -> None:
    key = ids.match_key(phone.e164)
    added = db.session.scalar(
        insert(ContactIdentity)
        .values(contact_id=contact.id, kind="phone", value=phone.e164, match_key=key)
        .on_conflict_do_nothing(index_elements=["match_key"])
        .returning(ContactIdentity.id)
    )
    if added is None:
        raise InvalidContact(
            {"phone": "Alguém acabou de escrever deste telefone; confira e tente de novo."}
        )
