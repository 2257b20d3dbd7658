"""Who looks and who types, over the socket; rooms of open threads are joined only here."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import structlog
from flask import request
from flask_socketio import join_room, leave_room
from redis.exceptions import RedisError
from sqlalchemy import select

from app.accounts import sockets
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.conversations import live, queries, viewers, visibility
from app.conversations.models import Conversation
from app.extensions import db, socketio
from app.live import localised, screen_locale

log = structlog.get_logger()

MOST_TOLD = 5  # the next who looks, or the next sync, tells the rest


class Shown(NamedTuple):
    """What a socket of this process shows, whose it is, and the room it is in for it."""

    conversation_id: int
    user_id: int
    room: str


_shown: dict[str, Shown] = {}


def look(payload: object = None) -> dict[str, bool]:
    """A page shows {"conversation": id}, or none; joins its room if this person may see it.

    Said again when its team or owner changed: the room may be another one then.
    """
    viewer = sockets.staff(Permission.CONVERSATIONS_VIEW)
    if viewer is None:
        return {"ok": False}
    wanted = payload.get("conversation") if isinstance(payload, dict) else None
    shown = _shown.get(_socket_id())
    room = _room_for(viewer, wanted) if isinstance(wanted, int) else None
    if shown is not None and shown.room != room:
        leave_room(localised(shown.room, screen_locale(viewer.locale)))
        if shown.conversation_id != wanted or room is None:
            gone(_socket_id())
    if not isinstance(wanted, int) or room is None:
        return {"ok": wanted is None}
    join_room(localised(room, screen_locale(viewer.locale)))
    _shown[_socket_id()] = Shown(wanted, viewer.id, room)
    _note(wanted, viewer, typing=False)
    return {"ok": True}


def typing(payload: object = None) -> None:
    """Somebody is writing (true) or stopped (false) in the conversation their page shows.

    The page says so every few seconds; it is also what keeps a viewer from being forgotten.
    """
    viewer = sockets.staff(Permission.CONVERSATIONS_VIEW)
    shown = _shown.get(_socket_id())
    if viewer is None or shown is None:
        return
    if _room_for(viewer, shown.conversation_id) is not None:
        _note(shown.conversation_id, viewer, typing=payload is True)


def gone(socket_id: str) -> None:
    """A socket no longer shows what it showed."""
    shown = _shown.pop(socket_id, None)
    if shown is None:
        return
    conversation_id = shown.conversation_id
    try:
        viewers.leave(conversation_id, shown.user_id, socket_id)
        _tell(conversation_id, None)
    except RedisError as error:
        log.warning("viewers_unknown", error=str(error))


def rooms_of(user: User) -> Iterable[str]:
    """The rooms of the desk that a person's sockets belong in from the start."""
    if user.can(Permission.CONVERSATIONS_VIEW):
        yield live.INBOX
        yield from visibility.rooms_of(user)


def _socket_id() -> str:
    return str(request.sid)  # type: ignore[attr-defined]  # set by Flask-SocketIO


def _room_for(viewer: User, conversation_id: int) -> str | None:
    """The conversation's room, or None when this person may not see it."""
    query: Any = select(Conversation.team_id, Conversation.owner_id)
    query = queries.visible_to(viewer, query.where(Conversation.id == conversation_id))
    row = db.session.execute(query).one_or_none()
    return visibility.thread_room(conversation_id, *row) if row else None


def _note(conversation_id: int, viewer: User, typing: bool) -> None:
    try:
        before = viewers.of(conversation_id)
        viewers.look(conversation_id, viewer.id, _socket_id(), typing)
        _tell(conversation_id, before)
    except RedisError as error:
        log.warning("viewers_unknown", error=str(error))


def _tell(conversation_id: int, told: list[dict[str, object]] | None) -> None:
    """Announce who looks until that is what was told last.

    Of two who tell at once the slower may tell what was true before; it finds that out here.
    """
    for _ in range(MOST_TOLD):
        people = viewers.of(conversation_id)
        if people == told:
            return
        live.viewers_changed(conversation_id, people)
        told = people


# Called at import: Flask-SocketIO binds them to the server of each application it is given.
socketio.on_event("look", look)
socketio.on_event("typing", typing)
sockets.on_join.append(rooms_of)
sockets.on_leave.append(gone)
