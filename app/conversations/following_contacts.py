"""What happens to conversations when their contacts are merged, parted again or renamed."""

from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import aliased

from app import clock
from app.accounts.permissions import Permission
from app.contacts import hooks
from app.contacts.models import ContactIdentity
from app.conversations import live
from app.conversations.models import Conversation
from app.conversations.queries import WITH_PEOPLE
from app.conversations.service.ownership import change_of_owner, set_owner
from app.conversations.threads import announce, locked, note_event
from app.extensions import db
from app.transactions import on_commit

# Of two open talks with one person, the one that people look after stays open.
_RANK = {"user": 3, "outside": 2, "nobody": 1, "bot": 0}


def follow() -> None:
    """Register with contacts, which know nothing of conversations."""
    hooks.on_merge["conversations"] = hooks.MergeHook(take, give_back)
    hooks.on_change["conversations"] = renamed
    if contact_of not in hooks.beside:
        hooks.beside.append(contact_of)


def contact_of(conversation_id: int) -> int | None:
    """Whose conversation it is now."""
    return db.session.scalar(
        select(Conversation.contact_id).where(Conversation.id == conversation_id)
    )


def take(kept_id: int, absorbed_id: int) -> dict[str, Any]:
    """Move the absorbed contact's conversations, and leave one open on each channel.

    The answer is kept to undo it.
    """
    _lock_all(kept_id, absorbed_id)
    moved = _update(Conversation.contact_id == absorbed_id, contact_id=kept_id)
    return {"ids": moved, "closed": _join_open_ones(kept_id)}


def give_back(kept_id: int, absorbed_id: int, moved: dict[str, Any]) -> None:
    """Move back those that were moved, as far as they are still there, and open what was closed.

    A conversation belongs to whoever wrote last in it: one whose address goes back goes with it,
    though it be newer than the merge, and one whose address stays does not go.
    """
    _lock_all(kept_id, absorbed_id)
    theirs = _written_from(absorbed_id)
    were_theirs = Conversation.id.in_(moved.get("ids", [])) & ~_written_from(kept_id)
    _update((Conversation.contact_id == kept_id) & (theirs | were_theirs), contact_id=absorbed_id)
    for closed in moved.get("closed", []):
        _part(closed)


def renamed(contact_id: int) -> None:
    """Lists and threads show the contact's name."""
    _update(Conversation.contact_id == contact_id)


def _lock_all(*contact_ids: int) -> None:
    """In the order in which everybody locks conversations."""
    query = select(Conversation.id).where(Conversation.contact_id.in_(contact_ids))
    db.session.execute(query.order_by(Conversation.id).with_for_update())


def _written_from(contact_id: int) -> ColumnElement[bool]:
    return exists().where(
        ContactIdentity.id == Conversation.identity_id, ContactIdentity.contact_id == contact_id
    )


def _join_open_ones(contact_id: int) -> list[dict[str, Any]]:
    query = (
        select(Conversation)
        .where(Conversation.contact_id == contact_id, Conversation.status == "open")
        .order_by(Conversation.channel_id, Conversation.id)
        .execution_options(populate_existing=True)
    )
    closed = []
    for _, talks in groupby(db.session.scalars(query).all(), key=lambda talk: talk.channel_id):
        stays, *others = sorted(talks, key=_worth, reverse=True)
        closed += [_join(other.id, stays.id) for other in others]
    return closed


def _worth(conversation: Conversation) -> tuple[int, datetime, int]:
    rank = _RANK[conversation.owner_kind]
    return rank, conversation.last_message_at, -conversation.id


def _join(conversation_id: int, into_id: int) -> dict[str, Any]:
    """Close one in favour of another, where the customer waits on; what undoes it."""
    conversation, into = locked(conversation_id), locked(into_id)
    before = {
        "id": conversation_id,
        "into": into_id,
        "unread": conversation.unread_count,
        "waiting": _written(conversation.waiting_since),
        "into_waiting": _written(into.waiting_since),
    }
    waits = [since for since in (into.waiting_since, conversation.waiting_since) if since]
    into.waiting_since = min(waits, default=None) if into.owner_kind != "outside" else None
    with change_of_owner(conversation):
        conversation.status = "closed"
        conversation.closed_at = clock.now()
        conversation.waiting_since = None
        conversation.unread_count = 0
    note_event(conversation, "joined", to=into_id)
    note_event(into, "took_in", to=conversation_id)
    return {**before, "owner_version": conversation.owner_version}


def _part(closed: dict[str, Any]) -> None:
    """Open again what was joined, unless somebody acted on it since or it would be a second one."""
    conversation = locked(closed["id"])
    was_touched = conversation.owner_version != closed["owner_version"]
    if was_touched or _has_open_twin(conversation):
        return
    with change_of_owner(conversation):
        conversation.status = "open"
        conversation.closed_at = None
        conversation.waiting_since = _read(closed["waiting"])
        conversation.unread_count = closed["unread"]
        owner = conversation.owner
        if owner is not None and not owner.can(Permission.CONVERSATIONS_WORK):
            set_owner(conversation, "nobody")
    note_event(conversation, "parted")
    _stop_waiting(locked(closed["into"]), closed)


def _stop_waiting(into: Conversation, closed: dict[str, Any]) -> None:
    """It no longer waits for what was said in the other one."""
    if closed["waiting"] and _written(into.waiting_since) == closed["waiting"]:
        into.waiting_since = _read(closed["into_waiting"])
        into.version += 1
        announce(into)


def _has_open_twin(conversation: Conversation) -> bool:
    twin = aliased(Conversation)
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    twin.contact_id == conversation.contact_id,
                    twin.channel_id == conversation.channel_id,
                    twin.status == "open",
                )
            )
        )
    )


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _read(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _update(condition: ColumnElement[bool], **values: int) -> list[int]:
    numbers = list(
        db.session.scalars(
            update(Conversation)
            .where(condition)
            .values(version=Conversation.version + 1, **values)
            .returning(Conversation.id)
        )
    )
    if numbers:
        on_commit(partial(_announce, numbers))
    return numbers


def _announce(numbers: list[int]) -> None:
    query = select(Conversation).where(Conversation.id.in_(numbers)).options(*WITH_PEOPLE)
    for conversation in db.session.scalars(query.execution_options(populate_existing=True)):
        live.title_changed(conversation)
        live.row_changed(conversation)
