"""What the list of receipts announces.

Webhooks are the busiest path of the product and their list is looked at by few: a webhook costs at
most one small event a second and process, whoever looks. The page then asks again with its own
filters. The last change of a burst is announced too, a moment late.
"""

import threading
import time

from flask import Flask, current_app
from sqlalchemy import ColumnElement, Select, Text, case, cast, exists, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app import live
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.extensions import db
from app.intake.models import Receipt

ROOM = "receipts"
REGION = "receipts:newest"
MOST_SHOWN = 200
INTERVAL_SECONDS = 1.0


class _Throttle:
    """At most one announcement an interval: the first at once, what follows at its end."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0.0
        self._waiting = False

    def announce(self, app: Flask) -> None:
        """Something changed."""
        with self._lock:
            wait = self._last + INTERVAL_SECONDS - time.monotonic()
            if wait <= 0:
                self._last = time.monotonic()
            elif self._waiting:
                return
            else:
                self._waiting = True
        if wait <= 0:
            live.touch(ROOM, REGION)
            return
        timer = threading.Timer(wait, self._later, [app])
        timer.daemon = True
        timer.start()

    def _later(self, app: Flask) -> None:
        with self._lock:
            self._waiting = False
            self._last = time.monotonic()
        with app.app_context():
            live.touch(ROOM, REGION)


_throttle = _Throttle()


def receipts_changed() -> None:
    """A receipt came or changed."""
    _throttle.announce(current_app._get_current_object())  # type: ignore[attr-defined]  # a proxy


@live.region("receipts")
def _receipts_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    """The newest receipts, as many as are shown, and "+" when there are older ones."""
    if not db.session.get_one(User, user_id).can(Permission.RECEIPTS_VIEW):
        return None
    size = max(min(shown.count(","), MOST_SHOWN - 1) + 1, 1)
    newest = (
        select(Receipt.id, version().label("version"))
        .order_by(Receipt.id.desc())
        .limit(size)
        .subquery()
    )
    row = cast(newest.c.id, Text) + ":" + cast(newest.c.version, Text)
    listed = func.string_agg(row, aggregate_order_by(literal(","), newest.c.id.desc()))
    older = exists().where(Receipt.id < func.min(newest.c.id)).correlate(newest)
    return select(listed + case((older, "+"), else_=""))


def version() -> ColumnElement[int]:
    """What rises with every try of a receipt."""
    return Receipt.attempts + Receipt.replays
