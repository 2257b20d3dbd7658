"""From the address a webhook shows to the one contact behind it, however many arrive at once."""

from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import aliased

from app.contacts import hooks, ids
from app.contacts.merging import merge_locked
from app.contacts.models import Contact, ContactIdentity
from app.errors import GuicheError
from app.extensions import db
from app.transactions import atomic

MAX_TRIES = 8


@dataclass(frozen=True, slots=True)
class _Shown:
    """One address as a webhook shows it."""

    kind: str
    value: str
    match_key: str
    whatsapp_id: str | None


class _Overtaken(Exception):
    """Somebody else made or moved the same identity while we looked."""


def resolve(channel_id: int, phone: str | None, lid: str | None, name: str | None) -> Contact:
    """The contact behind a provider's address, made if new, locked until the caller's commit.

    All that follows for one contact is thereby serial. `phone` are the provider's digits, `lid` its
    private id; when one webhook shows both and they belong to two contacts, these are merged: the
    webhook proves that they are one person. `name` fills what staff have not typed.
    """
    shown = _shown(channel_id, phone, lid)
    for _ in range(MAX_TRIES):
        try:
            contact, known = _found(shown) or _made(shown, name)
        except _Overtaken:
            continue
        _refresh(contact, known, shown, name)
        return contact
    raise GuicheError("O contato está sendo alterado por outros ao mesmo tempo.", status=503)


def _shown(channel_id: int, phone: str | None, lid: str | None) -> dict[str, _Shown]:
    """By match key, in the order in which all of us insert them, so that nobody waits in a ring."""
    found = []
    if lid:
        found.append(_Shown("lid", lid, ids.lid_key(channel_id, lid), None))
    if phone:
        e164, key = ids.provider_phone(phone)
        found.append(_Shown("phone", e164, key, phone))
    if not found:
        raise GuicheError("Falta o telefone de quem escreveu.")
    return {address.match_key: address for address in sorted(found, key=lambda a: a.match_key)}


def _found(shown: dict[str, _Shown]) -> tuple[Contact, list[ContactIdentity]] | None:
    """The locked contact and its identities among those shown; None when all are new."""
    contacts, known = _lock(shown)
    if not contacts:
        return None
    contact = contacts[0]
    for other in contacts[1:]:
        merge_locked(contact, other, None)
    missing = [address for key, address in shown.items() if key not in {i.match_key for i in known}]
    if missing:
        known += _add(contact.id, missing)
    return contact, known


def _lock(shown: dict[str, _Shown]) -> tuple[list[Contact], list[ContactIdentity]]:
    """Lock the contacts, oldest first. One statement, as every message comes through here.

    Who had to wait for a lock sees the contact's newest version but the identity as it was before:
    the two versions then differ, and we look again.
    """
    before = aliased(Contact)
    rows = db.session.execute(
        select(ContactIdentity, Contact, before.version)
        .join(Contact, Contact.id == ContactIdentity.contact_id)
        .join(before, before.id == Contact.id)
        .where(ContactIdentity.match_key.in_(shown))
        .order_by(Contact.id, ContactIdentity.id)
        .with_for_update(of=Contact, key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    if any(contact.version != seen or contact.merged_into_id for _, contact, seen in rows):
        raise _Overtaken
    contacts = {contact.id: contact for _, contact, _ in rows}
    return list(contacts.values()), [identity for identity, _, _ in rows]


def _made(shown: dict[str, _Shown], name: str | None) -> tuple[Contact, list[ContactIdentity]]:
    """A new contact. Whoever is overtaken leaves nothing behind, nor any lock."""
    with atomic():
        contact_id = db.session.scalars(
            insert(Contact).values(name=name or "").returning(Contact.id)
        ).one()
        known = _add(contact_id, list(shown.values()))
    return db.session.get_one(Contact, contact_id), known


def _add(contact_id: int, addresses: list[_Shown]) -> list[ContactIdentity]:
    rows = [
        {
            "contact_id": contact_id,
            "kind": address.kind,
            "value": address.value,
            "match_key": address.match_key,
            "whatsapp_id": address.whatsapp_id,
        }
        for address in addresses
    ]
    added = db.session.scalars(
        upsert(ContactIdentity)
        .values(rows)
        .on_conflict_do_nothing(index_elements=["match_key"])
        .returning(ContactIdentity)
    ).all()
    if len(added) < len(rows):
        raise _Overtaken
    return list(added)


def _refresh(
    contact: Contact, known: list[ContactIdentity], shown: dict[str, _Shown], name: str | None
) -> None:
    """Keep the address as last sent and the name as last given; writes only what differs."""
    for identity in known:
        address = shown[identity.match_key]
        if address.whatsapp_id and identity.whatsapp_id != address.whatsapp_id:
            identity.whatsapp_id = address.whatsapp_id
        if identity.kind == "phone" and contact.last_phone_id != identity.id:
            contact.last_phone_id = identity.id
    if name and name != contact.name and not contact.name_is_typed:
        contact.name = name
        hooks.changed(contact, renamed=True)


def send_address(contact_id: int, channel_id: int) -> str:
    """Where a message goes: the phone as WhatsApp last spelt it, else the private id.

    Raises GuicheError when there is no address on this channel.
    """
    last_phone_id = db.session.scalar(select(Contact.last_phone_id).where(Contact.id == contact_id))
    identities = db.session.scalars(
        select(ContactIdentity)
        .where(ContactIdentity.contact_id == contact_id)
        .order_by(ContactIdentity.id)
    ).all()
    phones = [identity for identity in identities if identity.kind == "phone"]
    phones.sort(key=lambda i: (i.id != last_phone_id, i.whatsapp_id is None))
    if phones:
        return phones[0].whatsapp_id or phones[0].value.removeprefix("+")
    for identity in identities:
        if identity.match_key == ids.lid_key(channel_id, identity.value):
            return identity.value
    raise GuicheError("Este contato não tem telefone para receber mensagens.")
