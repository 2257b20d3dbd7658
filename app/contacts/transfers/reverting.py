"""One line of an import taken back: what it put on a contact goes, unless somebody changed it.

`changes` is what `joining` wrote down: `own` and `fields` as name → [before, after], `typed` as
[before, after], `labels`, `phones` and `notes` as what was added, `opt_out` as its id.
"""

from contextlib import suppress
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, or_, select
from sqlalchemy.exc import IntegrityError

from app.accounts import audit
from app.accounts.models import User
from app.contacts import checking, hooks
from app.contacts.consent import service as consent
from app.contacts.consent.models import OptOut
from app.contacts.custom_fields.models import ContactField
from app.contacts.locking import locked
from app.contacts.models import Contact, ContactIdentity, ContactNote
from app.errors import NotFound
from app.extensions import db
from app.transactions import atomic

Changes = dict[str, Any]


class InUse(Exception):
    """The contact stays as it is; the text says why, in Portuguese."""


def revert(contact_id: int, changes: Changes, by: User, import_id: int) -> str:
    """Take a line back, in the transaction under way; what stays, in words, or nothing.

    Raises InUse when all of it stays.
    """
    try:
        contact = locked(contact_id)
    except NotFound:
        raise InUse(_("O contato já não existe.")) from None
    if contact.id != contact_id:
        raise InUse(_("Foi juntado a outro contato."))
    if changes.get("created"):
        _remove(contact, changes, by, import_id)
        return ""
    return _put_back(contact, changes, by, import_id)


def _remove(contact: Contact, changes: Changes, by: User, import_id: int) -> None:
    """A contact that the import made goes while it is just what the import made."""
    if _differs(contact, changes):
        raise InUse(_("O contato foi mudado depois."))
    said = checking.masked({"name": contact.name, "cpf": contact.cpf, "email": contact.email})
    contact_id = contact.id
    try:
        with atomic() as session:
            for table in (ContactNote, OptOut, ContactIdentity):
                session.execute(delete(table).where(table.contact_id == contact_id))
            session.execute(delete(Contact).where(Contact.id == contact_id))
    except IntegrityError:  # whatever feature holds on to them
        raise InUse(_("Já tem conversas, arquivos ou protocolos.")) from None
    db.session.expunge(contact)
    after = {"import": str(import_id)}
    audit.record(by, "contact.removed", "contact", contact_id, said, after)
    hooks.removed(contact_id)


def _differs(contact: Contact, changes: Changes) -> bool:
    expected = {"name": "", "cpf": None, "email": None, "language": "pt-BR"}
    expected |= {name: after for name, (_before, after) in changes["own"].items()}
    if any(getattr(contact, name) != value for name, value in expected.items()):
        return True
    if contact.fields != {name: after for name, (_before, after) in changes["fields"].items()}:
        return True
    if sorted(contact.label_ids) != sorted(changes["labels"]):
        return True
    return any(
        set(db.session.scalars(select(table.id).where(table.contact_id == contact.id))) != wanted
        for table, wanted in (
            (ContactIdentity, set(changes["phones"])),
            (ContactNote, set(changes["notes"])),
            (OptOut, {changes["opt_out"]} if changes["opt_out"] else set()),
        )
    )


def _put_back(contact: Contact, changes: Changes, by: User, import_id: int) -> str:
    """What the line changed on a contact that was there goes back; the names of what stays."""
    was = {name: getattr(contact, name) for name in changes["own"]}
    stays = [*_own(contact, changes), *_custom(contact, changes)]
    contact.label_ids = [one for one in contact.label_ids if one not in changes["labels"]]
    stays += _phones(contact, changes)
    db.session.execute(
        delete(ContactNote).where(
            ContactNote.contact_id == contact.id, ContactNote.id.in_(changes["notes"])
        )
    )
    if changes["opt_out"]:
        with suppress(NotFound):  # it was ended meanwhile
            consent.opt_in(contact, changes["opt_out"], by)
    now = {name: getattr(contact, name) for name in was} | {"import_undone": str(import_id)}
    audit.record(
        by, "contact.edited", "contact", contact.id, checking.masked(was), checking.masked(now)
    )
    hooks.changed(contact, renamed="name" in was)
    return _("Mudado depois, fica como está: %(what)s.", what=", ".join(stays)) if stays else ""


def _own(contact: Contact, changes: Changes) -> list[str]:
    words = {
        "name": _("nome"), "cpf": _("CPF"), "email": _("e-mail"), "language": _("idioma"),
    }  # fmt: skip
    stays = []
    for name, (before, after) in changes["own"].items():
        if getattr(contact, name) == after:
            setattr(contact, name, before)
        else:
            stays.append(words[name])
    if changes["typed"] and "name" in changes["own"] and words["name"] not in stays:
        contact.name_is_typed = changes["typed"][0]
    return stays


def _custom(contact: Contact, changes: Changes) -> list[str]:
    present, stays = dict(contact.fields), []
    for key, (before, after) in changes["fields"].items():
        if present.get(key) != after:
            stays.append(db.session.get_one(ContactField, int(key)).name)
        elif before is None:
            del present[key]
        else:
            present[key] = before
    contact.fields = present
    return stays


def _phones(contact: Contact, changes: Changes) -> list[str]:
    """A phone that WhatsApp has spoken with is no longer the import's."""
    if not changes["phones"]:
        return []
    ours = [ContactIdentity.contact_id == contact.id, ContactIdentity.id.in_(changes["phones"])]
    used = or_(
        ContactIdentity.whatsapp_id.is_not(None),
        ContactIdentity.id == (contact.last_phone_id or 0),
    )
    stay = db.session.scalar(select(func.count()).where(*ours, used)) or 0
    db.session.execute(delete(ContactIdentity).where(*ours, ~used))
    db.session.expire(contact, ["identities"])
    return [_("telefone em uso")] if stay else []
