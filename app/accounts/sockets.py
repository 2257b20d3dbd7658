"""Who may hold a socket, which rooms it is in, and cutting it when that changes."""

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import structlog
from flask import Flask, current_app, request, session
from flask_login import current_user
from flask_socketio import ConnectionRefusedError as Refused
from flask_socketio import join_room

from app import origins
from app.accounts import presence, sessions
from app.accounts.access import acting_user
from app.accounts.live import rooms_of
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.extensions import current_settings, db, socketio
from app.live import localised, screen_locale, stale_regions
from app.secrets import digest

log = structlog.get_logger()

MOST_REGIONS = 200

# Filled by create_app(): further rooms for a person's sockets, and what to do when one is gone.
on_join: list[Callable[[User], Iterable[str]]] = []
on_leave: list[Callable[[str], None]] = []


@dataclass(slots=True)
class Seat:
    """One socket of this process, and what its person was when it was let in."""

    user_id: int
    epoch: int
    roles: tuple[str, ...] = ()
    rooms: frozenset[str] = frozenset()
    session_hash: str = ""
    visible: bool = True


def seats_of(app: Flask) -> dict[str, Seat]:
    """The sockets that this process holds."""
    seats: dict[str, Seat] = app.extensions.setdefault("guiche_seats", {})
    return seats


def connect(auth: object = None) -> None:
    """Let active staff in from our own pages, into the rooms of what they may see."""
    settings = current_settings()
    if not origins.is_own(request.headers.get("Origin"), request.host, settings.public_url):
        raise Refused("origin")
    seats, socket_id = seats_of(current_app), _socket_id()
    # Seated before the database is asked: who is deactivated meanwhile is found here and cut.
    if not (seat := _seat()):
        raise Refused("login")
    seats[socket_id] = seat
    user = sessions.load_user(f"{seat.user_id}.{seat.epoch}")
    seat.rooms = belongs_in(user) if user is not None else frozenset()
    if user is None or not _join(user, seat.rooms):
        seats.pop(socket_id, None)
        raise Refused("login")
    seat.roles = tuple(user.roles)
    presence.arrived(user.id, socket_id)
    _depart_if_gone(user.id, socket_id)
    watch: Callable[[], None] = current_app.extensions["guiche_watch"]
    watch()


def sync(payload: object = None) -> dict[str, Any]:
    """The page says what it shows and whether it is seen; the answer names what is stale."""
    user = staff()
    if user is None:
        return {"stale": []}
    asked = payload if isinstance(payload, dict) else {}
    seat = seats_of(current_app).get(_socket_id())
    if seat is None:  # the page left while the database was asked
        return {"stale": []}
    seat.visible = asked.get("visible") is not False
    presence.heard(user.id, _socket_id(), seat.visible)
    _depart_if_gone(user.id, _socket_id())
    return {"stale": stale_regions(user.id, _regions(asked.get("regions")))}


def disconnect(*_: object) -> None:
    """The socket is gone, whoever closed it."""
    socket_id = _socket_id()
    seat = seats_of(current_app).pop(socket_id, None)
    if seat is None:
        return
    for hook in on_leave:
        hook(socket_id)
    presence.departed(seat.user_id, socket_id)


def staff(permission: Permission = Permission.OWN_ACCOUNT) -> User | None:
    """The person behind the event under way, as the database knows them now.

    None, and the socket is cut, when they are no longer who was let in; None also when they lack
    the permission.
    """
    seat = seats_of(current_app).get(_socket_id())
    user = acting_user() if current_user.is_authenticated else None
    if seat is None or user is None or tuple(user.roles) != seat.roles:
        cut(_socket_id())
        return None
    return user if user.can(permission) else None


def cut(socket_id: str) -> None:
    """Close a socket of this process; a page still allowed connects again."""
    socketio.server.disconnect(socket_id, ignore_queue=True)


def failed(error: Exception) -> None:
    """An event could not be handled: the page asks again; we keep what happened."""
    log.error("socket_event_failed", exc_info=error)
    db.session.rollback()


def _socket_id() -> str:
    return str(request.sid)  # type: ignore[attr-defined]  # set by Flask-SocketIO


def _seat() -> Seat | None:
    user_id, _, epoch = str(session.get("_user_id", "")).partition(".")
    if not (user_id.isdecimal() and epoch.isdecimal()):
        return None
    return Seat(int(user_id), int(epoch), session_hash=digest(sessions.session_key()))


def belongs_in(user: User) -> frozenset[str]:
    """All rooms that this person's sockets belong in, as the database knows them now."""
    return frozenset({*rooms_of(user), *(room for hook in on_join for room in hook(user))})


def _join(user: User, rooms: Iterable[str]) -> bool:
    locale = screen_locale(user.locale)
    with contextlib.suppress(ValueError):  # cut in this very moment
        for room in rooms:
            join_room(localised(room, locale))
        return True
    return False


def _depart_if_gone(user_id: int, socket_id: str) -> None:
    """A socket that went while its presence was written would else be there for a minute."""
    if socket_id not in seats_of(current_app):
        presence.departed(user_id, socket_id)


def _regions(given: object) -> dict[str, str]:
    """What a page says it shows, as far as it is well formed."""
    if not isinstance(given, dict) or len(given) > MOST_REGIONS:
        return {}
    return {
        name: version
        for name, version in given.items()
        if isinstance(name, str) and isinstance(version, str) and "\0" not in name + version
    }


# Called at import: Flask-SocketIO binds them to the server of each application it is given.
socketio.on_event("connect", connect)
socketio.on_event("sync", sync)
socketio.on_event("disconnect", disconnect)
socketio.default_exception_handler = failed
