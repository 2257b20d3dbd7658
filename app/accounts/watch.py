"""Keeps the sockets of a web process honest, with two background loops while there are any.

One listens for `live.kick` and cuts that person's sockets at once. The other, for when Redis is
away or the word was lost, compares every few seconds each socket with the database. Both start
with the first socket and end with the last.
"""

import json
import threading
from collections import defaultdict
from collections.abc import Callable

import structlog
from flask import Flask
from redis.client import PubSub
from sqlalchemy import select

from app.accounts import presence, sockets
from app.accounts.models import EndedSession, User
from app.extensions import db, redis_client, socketio
from app.live import CONTROL_CHANNEL, EVERYONE

log = structlog.get_logger()

LONGEST_BETWEEN_LOOKS = 15.0


def init_app(app: Flask) -> None:
    """Give the socket handlers what starts the loops."""
    loops = [_Loop(app, _listen), _Loop(app, _patrol)]

    def start() -> None:
        for loop in loops:
            loop.start()

    app.extensions["guiche_watch"] = start


class _Loop:
    """A step repeated in the background for as long as this process holds sockets."""

    def __init__(self, app: Flask, step: Callable[[Flask], None]) -> None:
        self._app, self._step = app, step
        self._lock = threading.Lock()
        self._running = False

    def start(self) -> None:
        with self._lock:
            if not self._running:
                self._running = True
                socketio.start_background_task(self._run)

    def _run(self) -> None:
        while True:
            try:
                self._step(self._app)
            except Exception as error:  # noqa: BLE001 - a dead watch would let everybody stay
                log.warning("watch_interrupted", step=self._step.__name__, error=str(error))
                socketio.sleep(1)
            with self._lock:
                if not sockets.seats_of(self._app):
                    self._running = False
                    return


def _listen(app: Flask) -> None:
    with app.app_context():
        client = redis_client()
    with client.pubsub(ignore_subscribe_messages=True) as control:  # type: ignore[no-untyped-call]  # redis gives it none
        control.subscribe(CONTROL_CHANNEL)
        check(app)  # what was said while nobody listened
        while sockets.seats_of(app):
            _obey(app, control)


def _obey(app: Flask, control: PubSub) -> None:
    message = control.get_message(timeout=5)
    if message is None:
        return
    kicked = json.loads(message["data"])["kick"]
    for socket_id, seat in list(sockets.seats_of(app).items()):
        if kicked in (seat.user_id, EVERYONE):
            sockets.cut(socket_id)


def _patrol(app: Flask) -> None:
    gone_after: float = app.config["SETTINGS"].away_after_seconds
    socketio.sleep(min(LONGEST_BETWEEN_LOOKS, gone_after / 4))
    check(app)
    held: defaultdict[int, dict[str, bool]] = defaultdict(dict)
    for socket_id, seat in sockets.seats_of(app).items():
        held[seat.user_id][socket_id] = seat.visible
    with app.app_context():
        presence.keep(held)


def check(app: Flask) -> None:
    """Cut every socket whose person is not, in the database, who was let in."""
    seats = dict(sockets.seats_of(app))
    with app.app_context():
        people = select(User).where(User.id.in_({seat.user_id for seat in seats.values()}))
        present = {user.id: user for user in db.session.scalars(people)}
        hashes = {seat.session_hash for seat in seats.values()}
        ended = set(
            db.session.scalars(
                select(EndedSession.key_hash).where(EndedSession.key_hash.in_(hashes))
            )
        )
        for socket_id, seat in seats.items():
            user = present.get(seat.user_id)
            if user is None or seat.session_hash in ended or not _is_unchanged(user, seat):
                sockets.cut(socket_id)


def _is_unchanged(user: User, seat: sockets.Seat) -> bool:
    """Also in which rooms they belong: what they may see may have changed."""
    if not user.active or user.session_epoch != seat.epoch or (*user.roles,) != seat.roles:
        return False
    return sockets.belongs_in(user) == seat.rooms
