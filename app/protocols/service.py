"""What is done with protocols and their timelines; the only writer of both."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert, select

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.errors import Conflict, GuicheError, NotFound
from app.extensions import db
from app.protocols import allocating, hooks, live
from app.protocols.models import CHOSEN, PRIORITIES, Protocol, ProtocolEvent
from app.transactions import atomic, on_commit

SYSTEM = "sistema"
LONGEST = 4000
ENDED = ("closed", "cancelled")


def allocate(
    *,
    consultant_id: int | None = None,
    conversation_id: int | None = None,
    contact_id: int | None = None,
    language: str | None = None,
    description: str | None = None,
    priority: str = "normal",
    origin: str = "turn",
    by: User | str = SYSTEM,
) -> Protocol:
    """A protocol with the next number, in the caller's transaction: rolled back, no number is used.

    The counter's row is locked from here until that transaction ends, so call it last. `origin` is
    what asked for it: `turn`, `api` or `desk`; `by` is who did, a person or a program's name.
    """
    protocol = allocating.allocated(
        {
            "consultant_id": consultant_id,
            "conversation_id": conversation_id,
            "contact_id": contact_id,
            "language": language,
            "description": _text(description or ""),
            "priority": priority,
            "actor_id": by.id if isinstance(by, User) else None,
            "actor_name": by.name if isinstance(by, User) else by,
            "data": {"origin": origin, "consultant_id": consultant_id},
        },
        clock.shifted(),
    )
    for hook in hooks.on_change:
        hook(protocol)
    on_commit(live.list_changed, once="protocols listed")
    return protocol


def change(protocol_id: int, by: User | str, given: Mapping[str, str]) -> Protocol:
    """Set what is given of `description`, `priority` and `status`; each change is in the timeline.

    Raises NotFound, and GuicheError (422) for a value that is none.
    """
    wanted = {name: _checked(name, value) for name, value in given.items()}
    with atomic():
        protocol = _locked(protocol_id)
        if "status" in wanted and protocol.status not in CHOSEN:
            raise Conflict(_("Este protocolo foi cancelado: a entrega dele foi desfeita."))
        before = {name: getattr(protocol, name) for name in wanted}
        changed = {name: value for name, value in wanted.items() if value != before[name]}
        for name, value in changed.items():
            setattr(protocol, name, value)
        if "status" in changed:
            protocol.closed_at = clock.now() if protocol.status in ENDED else None
        for name, value in changed.items():
            told = {"text": value} if name == "description" else {"from": before[name], "to": value}
            _happened(protocol, by, name, told)
        if changed:
            audit.record(by, "protocol.changed", "protocol", protocol.number, before, wanted)
            _changed(protocol)
    return protocol


def _checked(name: str, value: str) -> str:
    allowed = {"status": CHOSEN, "priority": PRIORITIES}.get(name)
    if name == "description":
        return _text(value)
    if allowed is None or value not in allowed:
        raise GuicheError(_("Escolha uma das opções oferecidas."), 422)
    return value


def _text(value: str) -> str:
    text = value.replace("\0", "").strip()
    if len(text) > LONGEST:
        raise GuicheError(_("O texto tem até %(most)s letras.", most=LONGEST), 422)
    return text


def note(protocol_id: int, by: User, body: str) -> Protocol:
    """Write something into the timeline. Raises NotFound, GuicheError (422) when it is empty."""
    text = _text(body)
    if not text:
        raise GuicheError(_("Escreva a anotação antes de salvar."), 422)
    with atomic():
        protocol = _locked(protocol_id)
        _happened(protocol, by, "note", {"text": text})
        _changed(protocol)
    return protocol


def assign(
    protocol_id: int, by: User | str, consultant_id: int | None, reason: str = ""
) -> Protocol:
    """Give a protocol to another consultant, or to nobody, in the caller's transaction if any."""
    with atomic():
        protocol = _locked(protocol_id)
        if protocol.consultant_id != consultant_id:
            told = {"from": protocol.consultant_id, "to": consultant_id, "reason": reason}
            protocol.consultant_id = consultant_id
            _happened(protocol, by, "consultant", told)
            _changed(protocol)
    return protocol


def cancel(protocol_id: int, by: User | str, reason: str) -> Protocol:
    """What it named was undone: it names nothing any more, and its number stays used."""
    with atomic():
        protocol = _locked(protocol_id)
        if protocol.status != "cancelled":
            protocol.status, protocol.closed_at = "cancelled", clock.now()
            _happened(protocol, by, "cancelled", {"reason": reason})
            _changed(protocol)
    return protocol


def link(
    protocol_id: int, by: User | str, conversation_id: int, contact_id: int | None
) -> Protocol:
    """Attach a protocol to the conversation it turned out to be about."""
    with atomic():
        protocol = _locked(protocol_id)
        if protocol.conversation_id != conversation_id:
            protocol.conversation_id, protocol.contact_id = conversation_id, contact_id
            _happened(protocol, by, "linked", {"conversation_id": conversation_id})
            _changed(protocol)
    return protocol


def told(protocol_id: int, by: User | str, message_id: int | None = None) -> Protocol:
    """Note that the customer was sent the number."""
    with atomic():
        protocol = _locked(protocol_id)
        _happened(protocol, by, "told", {"message_id": message_id})
        _changed(protocol)
    return protocol


def tell(protocol_id: int, by: User) -> Protocol:
    """Send the customer the number once more. Raises Conflict when nothing may be sent to them."""
    protocol = by_id(protocol_id)
    if protocol.conversation_id is None or not hooks.tell:
        raise Conflict(_("Este protocolo não está ligado a uma conversa."))
    for send in hooks.tell:  # each locks the conversation before the protocol, like everybody
        send(by, protocol)
    return protocol


def happened(protocol_id: int, by: User | str, kind: str, data: dict[str, Any]) -> None:
    """Add what another feature did to the timeline, in the caller's transaction."""
    with atomic():
        protocol = _locked(protocol_id)
        _happened(protocol, by, kind, data)
        _changed(protocol)


def _happened(
    protocol: Protocol,
    by: User | str,
    kind: str,
    data: dict[str, Any],
    at: datetime | None = None,
) -> None:
    db.session.execute(
        insert(ProtocolEvent).values(
            protocol_id=protocol.id,
            at=at or clock.now(),
            kind=kind,
            actor_id=by.id if isinstance(by, User) else None,
            actor_name=by.name if isinstance(by, User) else by,
            data=data,
        )
    )


def _changed(protocol: Protocol) -> None:
    protocol.version += 1
    protocol.updated_at = clock.now()
    for hook in hooks.on_change:
        hook(protocol)
    on_commit(partial(live.protocol_changed, protocol.id), once=("protocol", protocol.id))
    on_commit(live.list_changed, once="protocols listed")


def _locked(protocol_id: int) -> Protocol:
    query = select(Protocol).where(Protocol.id == protocol_id).with_for_update()
    found = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(_("Protocolo não encontrado"))
    return found


def by_id(protocol_id: int) -> Protocol:
    """The protocol with this key, for programs; raises NotFound."""
    found = db.session.get(Protocol, protocol_id) if protocol_id < 2**63 else None
    if found is None:
        raise NotFound(_("Protocolo não encontrado"))
    return found
