"""Who looks and who types, over the socket; rooms of open threads are joined only here."""

from typing import Any

import structlog
from flask import request
from flask_login import current_user
from flask_socketio import join_room, leave_room
from redis.exceptions import RedisError
from sqlalchemy import select

from app.accounts.models import User
from app.conversations import live, queries, viewers
from app.conversations.models import Conversation
from app.extensions import db, socketio
from app.live import localised, screen_locale

log = structlog.get_logger()

# Which conversation each socket of this process shows: to leave it when the socket goes away.
_shown: dict[str, tuple[int, int]] = {}


@socketio.on("look")  # type: ignore[untyped-decorator]
def look(payload: Any) -> dict[str, bool]:
    """A page shows {"conversation": id}, or none; joins its room if this person may see it."""
    socket_id, viewer = _socket_id(), _viewer()
    wanted = payload.get("conversation") if isinstance(payload, dict) else None
    _leave(socket_id, viewer)
    if viewer is None or not isinstance(wanted, int) or not _may_see(viewer, wanted):
        return {"ok": wanted is None}
    join_room(localised(live.room(wanted), _locale(viewer)))
    _shown[socket_id] = (wanted, viewer.id)
    _note(wanted, viewer, socket_id, typing=False)
    return {"ok": True}


@socketio.on("typing")  # type: ignore[untyped-decorator]
def typing(payload: Any) -> None:
    """Somebody is writing (true) or stopped (false) in the conversation their page shows."""
    socket_id, viewer = _socket_id(), _viewer()
    shown = _shown.get(socket_id)
    if viewer is not None and shown is not None and _may_see(viewer, shown[0]):
        _note(shown[0], viewer, socket_id, typing=payload is True)


@socketio.on("still-looking")  # type: ignore[untyped-decorator]
def still_looking(_: Any = None) -> None:
    """A heartbeat: without it the viewer is forgotten after a minute."""
    socket_id, viewer = _socket_id(), _viewer()
    shown = _shown.get(socket_id)
    if viewer is not None and shown is not None:
        _note(shown[0], viewer, socket_id, typing=False)


def socket_gone(socket_id: str) -> None:
    """A socket was cut; accounts.sockets calls this for every one."""
    _leave(socket_id, None)


def _socket_id() -> str:
    return str(request.sid)  # type: ignore[attr-defined]  # set by Flask-SocketIO


def _viewer() -> User | None:
    """The person behind the socket, as the database knows them now, not as they connected."""
    if not current_user.is_authenticated:
        return None
    user = db.session.get(User, current_user.id, populate_existing=True)
    return user if user is not None and user.active else None


def _locale(viewer: User) -> str:
    return screen_locale(viewer.locale)


def _may_see(viewer: User, conversation_id: int) -> bool:
    query = select(Conversation.id).where(Conversation.id == conversation_id)
    return db.session.scalar(queries.visible_to(viewer, query)) is not None


def _note(conversation_id: int, viewer: User, socket_id: str, typing: bool) -> None:
    try:
        before = viewers.of(conversation_id)
        viewers.look(conversation_id, viewer.id, socket_id, typing)
        after = viewers.of(conversation_id)
    except RedisError as error:
        log.warning("viewers_unknown", error=str(error))
        return
    if before != after:
        live.viewers_changed(conversation_id, after)


def _leave(socket_id: str, viewer: User | None) -> None:
    shown = _shown.pop(socket_id, None)
    if shown is None:
        return
    conversation_id, user_id = shown
    if viewer is not None:
        leave_room(localised(live.room(conversation_id), _locale(viewer)))
    try:
        viewers.leave(conversation_id, user_id, socket_id)
        live.viewers_changed(conversation_id, viewers.of(conversation_id))
    except RedisError as error:
        log.warning("viewers_unknown", error=str(error))
