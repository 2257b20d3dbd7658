"""A row's person joined with the contacts there are: found, made, filled in, or refused."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.contacts import checking, hooks, ids
from app.contacts.consent import service as consent
from app.contacts.locking import locked
from app.contacts.models import Contact, ContactIdentity, ContactNote
from app.contacts.transfers.people import Person, Refused
from app.extensions import db


class Overtaken(Exception):
    """Somebody wrote from one of these phones in this moment: the row is looked at again."""


@dataclass(frozen=True, slots=True)
class Joined:
    """What became of a row: created, updated or skipped, whose it is, and what undoes it."""

    state: str
    contact_id: int
    changes: dict[str, Any] | None = None  # see reverting


def join(person: Person, known: str, by: User, import_id: int) -> Joined:
    """Take a person over, in the transaction under way. `known` says what happens to who is there:
    `fill` what is empty, `overwrite` what differs, or `skip` them. Raises Refused, Overtaken.
    """
    found = _find(person)
    if found is None:
        return _create(person, by, import_id)
    if known == "skip":
        return Joined("skipped", found)
    contact = locked(found)
    return _update(contact, person, known == "overwrite", by, import_id)


def _find(person: Person) -> int | None:
    """By phone first: it is one person's only. Then by CPF, and by e-mail for want of both."""
    holders = _by_phone(person.phones)
    if len(holders) > 1:
        raise Refused(_("Os telefones são de contatos diferentes: junte-os antes."))
    cpf = person.own.get("cpf")
    owners = _by(Contact.cpf == cpf) if cpf else {}
    if holders:
        (contact_id,) = holders
        if owners and contact_id not in owners:
            name = next(iter(owners.values())) or _("sem nome")
            raise Refused(_("O telefone é de um contato e o CPF é de outro (%(name)s).", name=name))
        return contact_id
    if not owners and not person.phones and not cpf:
        owners = _by(Contact.email == person.own["email"])
    if len(owners) > 1:
        raise Refused(_("Há mais de um contato com este CPF ou e-mail: junte-os antes."))
    return next(iter(owners), None)


def _by_phone(phones: list[ids.Phone]) -> set[int]:
    keys = [ids.match_key(phone.e164) for phone in phones]
    if not keys:
        return set()
    query = select(ContactIdentity.contact_id).where(ContactIdentity.match_key.in_(keys))
    return set(db.session.scalars(query))


def _by(condition: Any) -> dict[int, str]:
    query = select(Contact.id, Contact.name).where(condition, Contact.merged_into_id.is_(None))
    return {row.id: row.name for row in db.session.execute(query.order_by(Contact.id).limit(5))}


def _create(person: Person, by: User, import_id: int) -> Joined:
    contact = Contact(
        **{"name": "", "language": "pt-BR", **person.own},
        name_is_typed=bool(person.own.get("name")),
        fields=dict(person.custom),
        label_ids=list(dict.fromkeys(person.labels)),
    )
    db.session.add(contact)
    db.session.flush()
    added = _add(contact, person, by)
    said = checking.masked({**person.own, "import": str(import_id)})
    audit.record(by, "contact.created", "contact", contact.id, None, said)
    hooks.changed(contact)
    changes = {
        "created": True,
        "own": {name: [None, value] for name, value in person.own.items()},
        "typed": None,
        "fields": {key: [None, value] for key, value in contact.fields.items()},
        "labels": contact.label_ids,
        **added,
    }
    return Joined("created", contact.id, changes)


def _update(contact: Contact, person: Person, overwrite: bool, by: User, import_id: int) -> Joined:
    before = {name: getattr(contact, name) for name in (*person.own, "fields", "label_ids")}
    typed = contact.name_is_typed
    _take_own(contact, person, overwrite)
    own_wins = person.custom | contact.fields
    contact.fields = contact.fields | person.custom if overwrite else own_wins
    new = [label_id for label_id in person.labels if label_id not in contact.label_ids]
    contact.label_ids = [*contact.label_ids, *dict.fromkeys(new)]
    after = {name: getattr(contact, name) for name in before}
    added = _add(contact, person, by)
    if not any(added.values()) and before == after:
        return Joined("skipped", contact.id)
    was = {name: before[name] for name in person.own}
    now = {name: after[name] for name in person.own} | {"import": str(import_id)}
    audit.record(
        by, "contact.edited", "contact", contact.id, checking.masked(was), checking.masked(now)
    )
    hooks.changed(contact, renamed=before.get("name") != after.get("name"))
    changes = {
        "own": _differing(was, now),
        "typed": [typed, contact.name_is_typed],
        "fields": _differing(before["fields"], contact.fields),
        "labels": list(dict.fromkeys(new)),
        **added,
    }
    return Joined("updated", contact.id, changes)


def _differing(before: dict[str, Any], after: dict[str, Any]) -> dict[str, list[Any]]:
    """Name → [before, after], of what is not the same."""
    return {
        name: [before.get(name), after[name]]
        for name in after
        if name != "import" and before.get(name) != after[name]
    }


def _add(contact: Contact, person: Person, by: User) -> dict[str, Any]:
    """Phones, notes and an opt-out that are not there yet: the ids of what was added."""
    phones = _add_phones(contact, person.phones)
    opt_out = None
    if person.opted_out and consent.opted_out(contact.id) is None:
        opt_out = consent.opt_out(contact, by, "import")
    notes = _add_notes(contact, person.notes, by)
    return {"phones": phones, "notes": notes, "opt_out": opt_out.id if opt_out else None}


def _take_own(contact: Contact, person: Person, overwrite: bool) -> None:
    """A name that staff typed stays unless it is to be overwritten; the language likewise."""
    for name, value in person.own.items():
        present = getattr(contact, name)
        if name == "name":
            if overwrite or not present or not contact.name_is_typed:
                contact.name, contact.name_is_typed = value or "", True
        elif overwrite or (not present and name != "language"):
            setattr(contact, name, value)


def _add_phones(contact: Contact, phones: list[ids.Phone]) -> list[int]:
    """Those that are nobody's yet; the ids of the new ones."""
    wanted = {ids.match_key(phone.e164): phone.e164 for phone in phones}
    if not wanted:
        return []
    held = select(ContactIdentity.match_key).where(ContactIdentity.match_key.in_(wanted))
    for key in db.session.scalars(held).all():
        del wanted[key]
    if not wanted:
        return []
    new = [
        {"contact_id": contact.id, "kind": "phone", "value": value, "match_key": key}
        for key, value in wanted.items()
    ]
    added = db.session.scalars(
        insert(ContactIdentity)
        .values(new)
        .on_conflict_do_nothing(index_elements=["match_key"])
        .returning(ContactIdentity.id)
    ).all()
    if len(added) < len(new):
        raise Overtaken
    db.session.expire(contact, ["identities"])
    return list(added)


def _add_notes(contact: Contact, bodies: list[str], by: User) -> list[int]:
    """Those that are not there yet; the ids of the new ones."""
    new = []
    for body in dict.fromkeys(bodies):
        same = select(ContactNote.id).where(
            ContactNote.contact_id == contact.id, ContactNote.body == body
        )
        if db.session.scalar(same.limit(1)) is None:
            said = {"author_id": by.id, "body": body, "created_at": clock.now()}
            new.append(ContactNote(contact_id=contact.id, **said))
    db.session.add_all(new)
    db.session.flush()
    return [note.id for note in new]
