"""Who looks and who types, over the socket; rooms of open threads are joined only here."""

from collections.abc import Iterable
from typing import Any

import structlog
from flask import request
from flask_socketio import join_room, leave_room
from redis.exceptions import RedisError
from sqlalchemy import select

from app.accounts import sockets
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.conversations import live, queries, viewers
from app.conversations.models import Conversation
from app.extensions import db, socketio
from app.live import localised, screen_locale

log = structlog.get_logger()

# Which conversation each socket of this process shows, and whose it is.
_shown: dict[str, tuple[int, int]] = {}


def look(payload: object = None) -> dict[str, bool]:
    """A page shows {"conversation": id}, or none; joins its room if this person may see it."""
    viewer = sockets.staff(Permission.CONVERSATIONS_VIEW)
    if viewer is None:
        return {"ok": False}
    wanted = payload.get("conversation") if isinstance(payload, dict) else None
    shown = _shown.get(_socket_id())
    if shown is not None and shown[0] != wanted:
        leave_room(localised(live.room(shown[0]), screen_locale(viewer.locale)))
        gone(_socket_id())
    if not isinstance(wanted, int) or not _may_see(viewer, wanted):
        return {"ok": wanted is None}
    join_room(localised(live.room(wanted), screen_locale(viewer.locale)))
    _shown[_socket_id()] = (wanted, viewer.id)
    _note(wanted, viewer, typing=False)
    return {"ok": True}


def typing(payload: object = None) -> None:
    """Somebody is writing (true) or stopped (false) in the conversation their page shows.

    The page says so every few seconds; it is also what keeps a viewer from being forgotten.
    """
    viewer = sockets.staff(Permission.CONVERSATIONS_VIEW)
    shown = _shown.get(_socket_id())
    if viewer is not None and shown is not None and _may_see(viewer, shown[0]):
        _note(shown[0], viewer, typing=payload is True)


def gone(socket_id: str) -> None:
    """A socket no longer shows what it showed."""
    shown = _shown.pop(socket_id, None)
    if shown is None:
        return
    conversation_id, user_id = shown
    try:
        viewers.leave(conversation_id, user_id, socket_id)
        live.viewers_changed(conversation_id, viewers.of(conversation_id))
    except RedisError as error:
        log.warning("viewers_unknown", error=str(error))


def rooms_of(user: User) -> Iterable[str]:
    """The rooms of the desk that a person's sockets belong in from the start."""
    if user.can(Permission.CONVERSATIONS_VIEW):
        yield live.INBOX


def _socket_id() -> str:
    return str(request.sid)  # type: ignore[attr-defined]  # set by Flask-SocketIO


def _may_see(viewer: User, conversation_id: int) -> bool:
    query: Any = select(Conversation.id).where(Conversation.id == conversation_id)
    return db.session.scalar(queries.visible_to(viewer, query)) is not None


def _note(conversation_id: int, viewer: User, typing: bool) -> None:
    try:
        before = viewers.of(conversation_id)
        viewers.look(conversation_id, viewer.id, _socket_id(), typing)
        after = viewers.of(conversation_id)
    except RedisError as error:
        log.warning("viewers_unknown", error=str(error))
        return
    if before != after:
        live.viewers_changed(conversation_id, after)


# Called at import: Flask-SocketIO binds them to the server of each application it is given.
socketio.on_event("look", look)
socketio.on_event("typing", typing)
sockets.on_join.append(rooms_of)
sockets.on_leave.append(gone)
