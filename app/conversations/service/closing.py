"""Ending conversations and opening them again, by people, by customers and by silence."""

from functools import partial

from flask_babel import gettext as _

from app import clock
from app.accounts import presence
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.closing_reasons import queries as reasons
from app.company import service as company
from app.consultants import queries as roster
from app.conversations import live
from app.conversations.closing import REASON
from app.conversations.models import Conversation
from app.conversations.service.hooks import on_closed
from app.conversations.service.ownership import (
    change_of_owner,
    check_mine_or_manager,
    check_no_other_open,
    check_version,
    check_works,
    lock_contact_of,
    set_owner,
)
from app.conversations.threads import locked, note_event
from app.errors import GuicheError
from app.transactions import atomic, on_commit


def asks_for_reason() -> str:
    """off, optional or required; without reasons to choose from nothing is asked."""
    return company.get(REASON) if reasons.offered() else "off"


def close(
    conversation_id: int, by: User, owner_version: int, reason_id: int | None = None
) -> Conversation:
    """End the conversation. What waits to be sent still leaves.

    Raises GuicheError when the company wants a reason and none of its own is given.
    """
    with atomic():
        conversation = locked(conversation_id)
        check_version(conversation, owner_version)
        if conversation.status == "closed":
            return conversation
        if conversation.owner_id != by.id:
            check_mine_or_manager(conversation, by, free=True)
        name = _checked_reason(reason_id)
        end(conversation, by.id, reason_id if name else None)
        told = {"reason": name} if name else {}
        note_event(conversation, "closed", by, **told)
    return conversation


def end(conversation: Conversation, by_id: int | None, reason_id: int | None = None) -> None:
    """Close a locked conversation; who called says it in the timeline."""
    with change_of_owner(conversation):
        conversation.status = "closed"
        conversation.closed_at = clock.now()
        conversation.closed_by_id = by_id
        conversation.closing_reason_id = reason_id
        conversation.waiting_since = None
        conversation.unread_count = 0
    for hook in on_closed:
        hook(conversation)


def _checked_reason(reason_id: int | None) -> str | None:
    wanted = asks_for_reason()
    if wanted == "off":
        return None
    if reason_id is None:
        if wanted == "required":
            raise GuicheError(_("Escolha o motivo do encerramento."), status=422)
        return None
    offered = {reason.id: reason.name for reason in reasons.offered()}
    if reason_id not in offered:
        raise GuicheError(_("Este motivo não é mais oferecido. Escolha outro."), status=422)
    return offered[reason_id]


def reopen(
    conversation_id: int, by: User, owner_version: int, for_last: bool = False
) -> Conversation:
    """Open a closed conversation again, as this person's; not beside another open one.

    With `for_last` it goes to whoever had it, if they are there and still attend; else to the line.
    """
    with atomic():
        lock_contact_of(conversation_id)
        conversation = locked(conversation_id)
        check_version(conversation, owner_version)
        if conversation.status == "open":
            return conversation
        check_works(by)
        check_no_other_open(conversation)
        if for_last:
            told = give_back(conversation)
        else:
            told = {}
            with change_of_owner(conversation):
                _open(conversation)
                set_owner(conversation, "user", by)
        note_event(conversation, "reopened", by, **told)
    return conversation


def give_back(conversation: Conversation) -> dict[str, str]:
    """Open a locked conversation for whoever had it, or for the line; what the timeline says."""
    if conversation.owner_kind == "outside" and conversation.consultant_id is not None:
        return _give_back_outside(conversation, conversation.consultant_id)
    last = conversation.owner
    missing = _why_not(last)
    with change_of_owner(conversation):
        _open(conversation)
        if missing is None:
            set_owner(conversation, "user", last)
        else:
            set_owner(conversation, "nobody")
    if last is None:
        return {}
    if missing is not None:
        return {"last": last.name, "why": missing}
    conversation.unread_count = max(conversation.unread_count, 1)
    on_commit(partial(live.back_with, last.id, conversation))
    return {"to": last.name}


def _give_back_outside(conversation: Conversation, consultant_id: int) -> dict[str, str]:
    missing, name = roster.why_away(consultant_id), roster.name_of(consultant_id)
    with change_of_owner(conversation):
        _open(conversation)
        if missing is not None:
            set_owner(conversation, "nobody")
    return {"to": name} if missing is None else {"last": name, "why": missing}


def _why_not(last: User | None) -> str | None:
    """What keeps the last owner from having it again; None when nothing does."""
    if last is None:
        return "nobody"
    if not last.can(Permission.CONVERSATIONS_WORK):
        return "left"
    return None if presence.state_of([last.id])[last.id] == "online" else "offline"


def _open(conversation: Conversation) -> None:
    conversation.status = "open"
    conversation.closed_at = None
    conversation.closed_by_id = None
    conversation.closing_reason_id = None
    conversation.opened_at = clock.now()
    conversation.answered_at = None
    conversation.resolution_spent = conversation.resolution_state = 0
