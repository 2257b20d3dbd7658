"""From the address a webhook shows to the one contact behind it, however many arrive at once."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Executable, Text, any_, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from app import rows
from app.contacts import hooks, ids
from app.contacts.merging import merge_locked
from app.contacts.models import Contact, ContactIdentity
from app.errors import GuicheError
from app.extensions import db
from app.integrations.base import Address
from app.transactions import atomic

MAX_TRIES = 8


@dataclass(frozen=True, slots=True)
class _Shown:
    """One address as a webhook shows it."""

    kind: str
    value: str
    match_key: str
    whatsapp_id: str | None


@dataclass(frozen=True, slots=True)
class _Known:
    """One identity as it is stored."""

    id: int
    match_key: str
    kind: str
    whatsapp_id: str | None


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a webhook speaks of, and the address (an identity's id) that it shows of them."""

    contact: Contact
    identity_id: int


Found = tuple[Contact, list[_Known]]

_contacts = Contact.metadata.tables[Contact.__tablename__]
_identities = ContactIdentity.metadata.tables[ContactIdentity.__tablename__]
_before = _contacts.alias("before")
_is_shown = _identities.c.match_key == any_(bindparam("keys", type_=ARRAY(Text)))
_COLUMNS = [_identities.c[name] for name in ("id", "match_key", "kind", "whatsapp_id")]
_NEEDED = ("id", "name", "name_is_typed", "merged_into_id", "last_phone_id", "version")
# Every message comes through here: built once. Contacts are locked oldest first.
_LOOK = (
    select(*(_contacts.c[name] for name in _NEEDED), _before.c.version, *_COLUMNS)
    .join_from(_identities, _contacts, _contacts.c.id == _identities.c.contact_id)
    .join(_before, _before.c.id == _contacts.c.id)
    .where(_is_shown)
    .order_by(_contacts.c.id, _identities.c.id)
    .with_for_update(of=_contacts, key_share=True)
)
_LOOK_FREE = _LOOK.with_for_update(of=_contacts, key_share=True, skip_locked=True)
_shown_ones = select(_identities).where(_is_shown).subquery()
_LOOK_FOR_ONE = _LOOK.where(
    select((func.count() == 2) & (func.count(_shown_ones.c.contact_id.distinct()) == 1))
    .select_from(_shown_ones)
    .scalar_subquery()
)


class _Overtaken(Exception):
    """Somebody else made or moved the same identity while we looked."""


def resolve(channel_id: int, phone: str | None, lid: str | None, name: str | None) -> Contact:
    """The contact alone of what `sender` finds."""
    return sender(channel_id, phone, lid, name).contact


def sender(
    channel_id: int, phone: str | None, lid: str | None, name: str | None, named: bool = True
) -> Sender:
    """The contact behind a provider's address, made if new, locked until the caller's commit.

    All that follows for one contact is thereby serial. `phone` are the provider's digits, `lid` its
    private id; when one webhook shows both and they belong to two contacts, these are merged: the
    webhook proves that they are one person. `name` fills what staff have not typed; unless they
    `named` themselves, only what is empty. Of two addresses the sender's is the phone.
    """
    shown = _shown(channel_id, phone, lid)
    contact, known = _known(shown) or _settled(shown, name)
    _refresh(contact, known, shown, name if named or not contact.name else None)
    return Sender(contact, _writes_from(known))


def free_senders(channel_id: int, addresses: Sequence[Address]) -> list[Sender | None]:
    """What `sender` finds, for many at once and waiting for nobody; each contact once.

    None for who is new or not certainly one person, whose contact somebody works on, and for all
    but the first who show the same contact.
    """
    shown = [_shown(channel_id, address.phone, address.lid) for address in addresses]
    keys = sorted({key for one in shown for key in one})
    found = {
        known.match_key: (contact, known)
        for contact, known in _looked(_LOOK_FREE, keys)
        if contact is not None
    }
    senders: list[Sender | None] = []
    taken: set[int] = set()
    for one, address in zip(shown, addresses, strict=True):
        pairs = [found[key] for key in one if key in found]
        people = {contact.id for contact, _ in pairs}
        if len(pairs) < len(one) or len(people) > 1 or people & taken:
            senders.append(None)
            continue
        taken |= people
        contact, known = pairs[0][0], [identity for _, identity in pairs]
        _refresh(contact, known, one, address.name)
        senders.append(Sender(contact, _writes_from(known)))
    return senders


def _writes_from(known: list[_Known]) -> int:
    """Of two addresses the sender's is the phone."""
    return max(known, key=lambda identity: identity.kind == "phone").id


def _shown(channel_id: int, phone: str | None, lid: str | None) -> dict[str, _Shown]:
    """By match key, in the order in which all of us lock and insert them."""
    found = []
    if lid:
        found.append(_Shown("lid", lid, ids.lid_key(channel_id, lid), None))
    if phone:
        e164, key = ids.provider_phone(phone)
        found.append(_Shown("phone", e164, key, phone))
    if not found:
        raise GuicheError("Falta o telefone de quem escreveu.")
    return {address.match_key: address for address in sorted(found, key=lambda a: a.match_key)}


def _known(shown: dict[str, _Shown]) -> Found | None:
    """The usual case, one statement: every address is known and all are one contact's.

    Otherwise None, and nothing is locked.
    """
    try:
        contacts, known = _lock(_LOOK if len(shown) == 1 else _LOOK_FOR_ONE, shown)
    except _Overtaken:
        return None
    return (contacts[0], known) if contacts else None


def _settled(shown: dict[str, _Shown], name: str | None) -> Found:
    """New addresses, or several contacts that turn out to be one.

    Who works on the same addresses waits at the same doors, in the same order, before touching a
    row; who is overtaken by staff all the same lets go of all (the savepoint) and starts over.
    """
    for key in shown:
        door = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], signed=True)
        db.session.execute(select(func.pg_advisory_xact_lock(door)))
    for _ in range(MAX_TRIES):
        try:
            with atomic():
                return _joined(shown, name)
        except _Overtaken:
            continue
    raise GuicheError("O contato está sendo alterado por outros ao mesmo tempo.", status=503)


def _joined(shown: dict[str, _Shown], name: str | None) -> Found:
    contacts, known = _lock(_LOOK, shown)
    if contacts:
        contact = contacts[0]
    else:
        contact = Contact(name=name or "")
        db.session.add(contact)
        db.session.flush()
        hooks.listed()
    for other in contacts[1:]:
        merge_locked(contact, other, None)
    missing = [address for key, address in shown.items() if key not in {i.match_key for i in known}]
    return contact, [*known, *_add(contact.id, missing)]


def _lock(query: Executable, shown: dict[str, _Shown]) -> tuple[list[Contact], list[_Known]]:
    """Lock the contacts behind these addresses, whoever has to be waited for."""
    contacts, known = {}, []
    for contact, identity in _looked(query, list(shown)):
        if contact is None:
            raise _Overtaken
        contacts[contact.id] = contact
        known.append(identity)
    return list(contacts.values()), known


def _looked(query: Executable, keys: list[str]) -> Iterator[tuple[Contact | None, _Known]]:
    """The identities of these keys, each with its contact; None where we were overtaken.

    Who had to wait for a lock sees the contact's newest version but the identity as it was before:
    the two versions then differ, and we look again.
    """
    for row in rows.execute(query, {"keys": keys}):
        columns = dict(zip(_NEEDED, row, strict=False))
        version_before, *identity = row[len(columns) :]
        overtaken = columns["version"] != version_before or columns["merged_into_id"]
        yield None if overtaken else rows.present(Contact, columns), _Known(*identity)


def _add(contact_id: int, addresses: list[_Shown]) -> list[_Known]:
    if not addresses:
        return []
    new = [
        {
            "contact_id": contact_id,
            "kind": address.kind,
            "value": address.value,
            "match_key": address.match_key,
            "whatsapp_id": address.whatsapp_id,
        }
        for address in addresses
    ]
    added = db.session.execute(
        insert(ContactIdentity)
        .values(new)
        .on_conflict_do_nothing(index_elements=["match_key"])
        .returning(*_COLUMNS)
    ).all()
    if len(added) < len(new):
        raise _Overtaken
    return [_Known(*columns) for columns in added]


def _refresh(
    contact: Contact, known: list[_Known], shown: dict[str, _Shown], name: str | None
) -> None:
    """Keep the address as last sent and the name as last given; writes only what differs."""
    for identity in known:
        address = shown[identity.match_key]
        if address.whatsapp_id and identity.whatsapp_id != address.whatsapp_id:
            db.session.execute(
                update(ContactIdentity)
                .where(ContactIdentity.id == identity.id)
                .values(whatsapp_id=address.whatsapp_id)
            )
        if identity.kind == "phone" and contact.last_phone_id != identity.id:
            contact.last_phone_id = identity.id
    if name and name != contact.name and not contact.name_is_typed:
        contact.name = name
        hooks.changed(contact, renamed=True)


def send_address(contact_id: int, channel_id: int, identity_id: int | None = None) -> str:
    """Where a message goes: the phone as WhatsApp last spelt it, else the private id.

    While it is the contact's, the address they last wrote from in this talk (`identity_id`) comes
    before all others. Raises GuicheError when there is no address on this channel.
    """
    last_phone_id = db.session.scalar(select(Contact.last_phone_id).where(Contact.id == contact_id))
    identities = db.session.scalars(
        select(ContactIdentity)
        .where(ContactIdentity.contact_id == contact_id)
        .order_by(ContactIdentity.id)
    ).all()
    phones = [identity for identity in identities if identity.kind == "phone"]
    phones.sort(key=lambda i: (i.id != last_phone_id, i.whatsapp_id is None))
    talked_from = [identity for identity in identities if identity.id == identity_id]
    for identity in (*talked_from, *phones):
        if identity.kind == "phone":
            return identity.whatsapp_id or identity.value.removeprefix("+")
        return identity.value
    for identity in identities:
        if identity.match_key == ids.lid_key(channel_id, identity.value):
            return identity.value
    raise GuicheError("Este contato não tem telefone para receber mensagens.")
