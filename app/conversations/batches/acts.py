"""What can be done with several conversations: each verb as for one, and what takes it back.

`do` answers what undoes it, or None when the conversation was so already. Both run inside a
transaction and raise GuicheError to refuse.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.conversations import service
from app.conversations.models import Conversation
from app.conversations.service import marks, snoozing
from app.conversations.service.ownership import (
    change_of_owner,
    check_no_other_open,
    lock_contact_of,
    set_owner,
)
from app.conversations.threads import locked, note_event
from app.errors import Conflict, NotFound
from app.extensions import db

Done = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """A verb and its opposite."""

    do: Callable[[int, User, int, dict[str, Any]], Done | None]
    undo: Callable[[int, User, Done], None]


def _assign(conversation_id: int, by: User, seen: int, given: dict[str, Any]) -> Done | None:
    """To a person (`to`), or to the line when it is 0."""
    before = locked(conversation_id)
    kind, owner_id = before.owner_kind, before.owner_id
    unread, last = before.unread_count, before.last_message_id
    consultant = before.consultant_id
    to = db.session.get(User, given["to"]) if given["to"] else None
    if given["to"] and to is None:
        raise NotFound
    if before.status == "open" and (owner_id == to.id if to else kind == "nobody"):
        return None
    if to is not None and to.id == by.id:
        after = service.take_over(conversation_id, by, seen)
    else:
        after = service.transfer(conversation_id, by, to, "", seen, quiet=True)
    was = {"kind": kind, "owner": owner_id, "unread": unread, "last": last, "outside": consultant}
    return {**was, "version": after.owner_version}


def _undo_assign(conversation_id: int, by: User, done: Done) -> None:
    conversation = _untouched(conversation_id, done)
    owner = db.session.get(User, done["owner"]) if done["owner"] else None
    with change_of_owner(conversation):
        if owner is not None and owner.can(Permission.CONVERSATIONS_WORK):
            set_owner(conversation, "user", owner)
        else:
            set_owner(conversation, "nobody" if owner else done["kind"], None, done.get("outside"))
        if conversation.last_message_id == done["last"]:
            conversation.unread_count = done["unread"]
    note_event(conversation, "assignment_undone", by)


def _close(conversation_id: int, by: User, seen: int, given: dict[str, Any]) -> Done | None:
    before = locked(conversation_id)
    if before.status == "closed":
        return None
    waiting, unread = before.waiting_since, before.unread_count
    after = service.close(conversation_id, by, seen, given.get("reason"))
    return {
        "waiting": waiting.isoformat() if waiting else None,
        "unread": unread,
        "version": after.owner_version,
    }


def _undo_close(conversation_id: int, by: User, done: Done) -> None:
    lock_contact_of(conversation_id)
    conversation = _untouched(conversation_id, done)
    check_no_other_open(conversation)
    with change_of_owner(conversation):
        conversation.status = "open"
        conversation.closed_at = conversation.closed_by_id = None
        conversation.closing_reason_id = None
        waiting = done["waiting"]
        conversation.waiting_since = datetime.fromisoformat(waiting) if waiting else None
        conversation.unread_count = done["unread"]
        owner = conversation.owner
        if owner is not None and not owner.can(Permission.CONVERSATIONS_WORK):
            set_owner(conversation, "nobody")
    note_event(conversation, "closing_undone", by)


def _untouched(conversation_id: int, done: Done) -> Conversation:
    conversation = locked(conversation_id)
    if conversation.owner_version != done["version"]:
        raise Conflict(_("Alguém já mexeu nela depois."))
    return conversation


def _label(conversation_id: int, by: User, seen: int, given: dict[str, Any]) -> Done | None:
    return service.relabel(conversation_id, by, given["add"], given["remove"])


def _prioritise(conversation_id: int, by: User, seen: int, given: dict[str, Any]) -> Done | None:
    return service.prioritise(conversation_id, by, given["to"])


def _snooze(conversation_id: int, by: User, seen: int, given: dict[str, Any]) -> Done | None:
    until = given["until"]
    moment = datetime.fromisoformat(until) if until else None
    return service.snooze(conversation_id, by, moment, seen)


ACTS = {
    "assign": Act(_assign, _undo_assign),
    "label": Act(_label, marks.undo_relabel),
    "priority": Act(_prioritise, marks.undo_prioritise),
    "snooze": Act(_snooze, snoozing.undo_snooze),
    "close": Act(_close, _undo_close),
}
