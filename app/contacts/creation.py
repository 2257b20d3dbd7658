"""A contact that staff make by hand, before they ever wrote."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.accounts import audit
from app.accounts.models import User
from app.contacts import checking, hooks, ids
from app.contacts.checking import InvalidContact
from app.contacts.custom_fields import queries
from app.contacts.custom_fields import service as custom_fields
from app.contacts.custom_fields.models import ContactField
from app.contacts.models import Contact, ContactIdentity
from app.errors import GuicheError
from app.extensions import db
from app.transactions import atomic


class AlreadyThere(GuicheError):
    """Somebody has this phone or CPF; `contact_id` is whose page to open instead."""

    status = 409

    def __init__(self, field: str, contact: Contact) -> None:
        name = contact.name or _("sem nome")
        said = {
            "phone": _("Este telefone já é do contato %(name)s.", name=name),
            "cpf": _("Este CPF já é do contato %(name)s.", name=name),
        }
        super().__init__(said[field])
        self.field, self.contact_id = field, contact.id


def create(by: User, values: Mapping[str, str], custom: Mapping[int, str] | None = None) -> Contact:
    """Make a contact of `name`, and at least one of `phone`, `cpf` and `email`; `language` may be,
    and `custom` fields by their id.

    Raises InvalidContact, or AlreadyThere when it would be somebody's double.
    """
    given = {name: text for name, text in values.items() if text.strip() or name == "name"}
    fields = queries.in_use() if custom else []
    phone, own, kept = _checked(given, custom or {}, fields)
    with atomic():
        _refuse_doubles(phone, own.get("cpf"))
        known = {key: value for key, value in kept.items() if value is not None}
        contact = Contact(**own, name_is_typed=True, fields=known)
        db.session.add(contact)
        db.session.flush()
        if phone is not None:
            _add(contact, phone)
        said = {**checking.masked(own), **({"phone": phone.e164} if phone else {})}
        said |= custom_fields.in_words(known, fields)
        audit.record(by, "contact.created", "contact", contact.id, None, said)
        hooks.changed(contact)
        return contact


def _checked(
    given: dict[str, str], custom: Mapping[int, str], fields: Sequence[ContactField]
) -> tuple[ids.Phone | None, dict[str, str | None], custom_fields.Checked]:
    """Every fault at once, the phone's among them."""
    faults: dict[str, str] = {}
    phone = None
    if not {"phone", "cpf", "email"} & set(given):
        faults["phone"] = _("Informe ao menos um: telefone, CPF ou e-mail.")
    try:
        phone = checking.phone(given["phone"]) if "phone" in given else None
    except InvalidContact as fault:
        faults |= fault.faults
    own = {name: text for name, text in given.items() if name != "phone"}
    try:
        checked, kept = checking.all_checked(own, custom, fields)
    except InvalidContact as fault:
        raise InvalidContact(faults | fault.faults) from None
    if faults:
        raise InvalidContact(faults)
    return phone, checked, kept


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
            {"phone": _("Alguém acabou de escrever deste telefone; confira e tente de novo.")}
        )
