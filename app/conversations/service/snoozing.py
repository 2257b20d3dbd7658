"""Putting a conversation off until a time or until the customer answers, and its coming back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app import clock
from app.accounts.models import User
from app.conversations import counters, live
from app.conversations.models import Conversation
from app.conversations.service.hooks import on_woken
from app.conversations.service.ownership import (
    check_mine_or_manager,
    check_open,
    check_version,
)
from app.conversations.threads import locked, note_event
from app.errors import Conflict, GuicheError
from app.extensions import db
from app.transactions import atomic, on_commit

LONGEST = timedelta(days=366)
AT_ONCE = 500


def snooze(
    conversation_id: int, by: User, until: datetime | None, owner_version: int
) -> dict[str, Any] | None:
    """Put it off until then, or with None until the customer answers, who ends every snooze.

    It leaves the open tabs and keeps its owner. Answers what undoes it.
    """
    if until is not None and not clock.now() < until <= clock.now() + LONGEST:
        raise GuicheError(_("Escolha um momento que ainda vem, em até um ano."), status=422)
    with atomic():
        conversation = locked(conversation_id)
        check_version(conversation, owner_version)
        check_open(conversation)
        if conversation.owner_kind == "bot":
            raise Conflict(_("A conversa está com o robô. Assuma para adiar."))
        check_mine_or_manager(conversation, by, free=True)
        was, was_until = conversation.snoozed_at, conversation.snoozed_until
        if was is not None and was_until == until:
            return None
        with _counted(conversation):
            conversation.snoozed_at, conversation.snoozed_until = clock.now(), until
        note_event(conversation, "snoozed", by, until=until.isoformat() if until else None)
        return {
            "set": conversation.snoozed_at.isoformat(),
            "was": was.isoformat() if was else None,
            "until": was_until.isoformat() if was_until else None,
        }


def undo_snooze(conversation_id: int, by: User, done: dict[str, Any]) -> None:
    """Back to where it was, unless it came back or was put off anew since."""
    with atomic():
        conversation = locked(conversation_id)
        now = conversation.snoozed_at
        if now is None or now.isoformat() != done["set"]:
            raise Conflict(_("A conversa já tinha voltado."))
        if done["was"] is None:
            _come_back(conversation, "woken", by)
            return
        conversation.snoozed_at = datetime.fromisoformat(done["was"])
        until = done["until"]
        conversation.snoozed_until = datetime.fromisoformat(until) if until else None
        note_event(conversation, "snoozed", by, until=until)
        on_commit(partial(live.marks_changed, conversation), once=("marks", conversation.id))


def wake(conversation_id: int, by: User) -> Conversation:
    """Somebody brings it back before its time."""
    with atomic():
        conversation = locked(conversation_id)
        if conversation.snoozed_at is not None:
            check_mine_or_manager(conversation, by, free=True)
            _come_back(conversation, "woken", by)
    return conversation


def wake_for_customer(conversation_id: int) -> None:
    """The customer wrote: whatever it waited for, it is back; in the caller's transaction."""
    conversation = locked(conversation_id)
    if conversation.snoozed_at is not None:
        _come_back(conversation, "woken_by_customer")


def wake_due() -> None:
    """Bring back what was put off until now; each in its own transaction, under its row's lock."""
    due = (
        select(Conversation.id)
        .where(Conversation.snoozed_until <= clock.now())
        .order_by(Conversation.snoozed_until)
        .limit(AT_ONCE)
    )
    for conversation_id in db.session.scalars(due).all():
        _wake_if_due(conversation_id)


def _wake_if_due(conversation_id: int) -> None:
    with atomic():
        conversation = locked(conversation_id)
        until = conversation.snoozed_until
        if until is None or until > clock.now():
            return  # another sweep was faster, or it was put off anew
        _come_back(conversation, "woken_by_time")
        # It stands on top and unread again: that is what it was put off for.
        conversation.last_message_at = clock.now()
        conversation.unread_count = max(conversation.unread_count, 1)
        if conversation.owner_id is not None:
            on_commit(partial(live.came_back, conversation.owner_id, conversation))
        for hook in on_woken:
            hook(conversation)


def _come_back(conversation: Conversation, kind: str, by: User | None = None) -> None:
    with _counted(conversation):
        conversation.snoozed_at = conversation.snoozed_until = None
    note_event(conversation, kind, by)


@contextmanager
def _counted(conversation: Conversation) -> Iterator[None]:
    before = counters.tab_of(conversation)
    yield
    after = counters.tab_of(conversation)
    counters.moved(before, after)
    if before != after:
        on_commit(partial(live.counts_changed, before, after))
    on_commit(partial(live.marks_changed, conversation), once=("marks", conversation.id))
