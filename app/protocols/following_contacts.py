"""Protocols go with their contact when two are merged, and back when they are parted again."""

from typing import Any

from sqlalchemy import insert, select, update

from app import clock
from app.contacts import hooks
from app.extensions import db
from app.protocols import live
from app.protocols.models import Protocol, ProtocolEvent
from app.protocols.service import SYSTEM
from app.transactions import on_commit


def follow() -> None:
    """Register with contacts, which know nothing of protocols."""
    hooks.on_merge["protocols"] = hooks.MergeHook(take, give_back)


def take(kept_id: int, absorbed_id: int) -> dict[str, Any]:
    """Move the absorbed contact's protocols; the ids of those that moved."""
    query = select(Protocol.id).where(Protocol.contact_id == absorbed_id)
    return {"ids": _move(list(db.session.scalars(query)), kept_id, "merged")}


def give_back(kept_id: int, absorbed_id: int, moved: dict[str, Any]) -> None:
    """Move back those that were moved and are still there."""
    query = select(Protocol.id).where(Protocol.id.in_(moved["ids"]), Protocol.contact_id == kept_id)
    _move(list(db.session.scalars(query)), absorbed_id, "separated")


def _move(numbers: list[int], contact_id: int, kind: str) -> list[int]:
    if not numbers:
        return []
    now = clock.now()
    db.session.execute(
        update(Protocol)
        .where(Protocol.id.in_(numbers))
        .values(contact_id=contact_id, version=Protocol.version + 1, updated_at=now)
    )
    db.session.execute(
        insert(ProtocolEvent),
        [
            {"protocol_id": one, "at": now, "kind": kind, "actor_name": SYSTEM, "data": {}}
            for one in sorted(numbers)
        ],
    )
    for one in numbers:
        on_commit(lambda number=one: live.protocol_changed(number))  # type: ignore[misc]
    on_commit(live.list_changed, once="protocols listed")
    return sorted(numbers)
