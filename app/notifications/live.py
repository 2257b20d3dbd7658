"""What the bells announce: each person's own screens ask for their bell again.

What customers write and what waits without an owner needs no push of its own: the rows of the lists
reach every page of whoever may see them, and `static/notifications.js` counts by them.
"""

from collections.abc import Iterable

from sqlalchemy import Select

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.extensions import db
from app.live import region, touch, user_room
from app.notifications import queries

BELL, PANEL = "bell:me", "notices:me"


def bell_changed(user_ids: Iterable[int]) -> None:
    """Somebody has a new notice, or read one, or wants to be told otherwise."""
    for user_id in user_ids:
        touch(user_room(user_id), BELL, PANEL)


@region("bell")
@region("notices")
def _bell_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    viewer = db.session.get(User, user_id)
    if viewer is None or not viewer.can(Permission.OWN_ACCOUNT):
        return None
    return queries.version(viewer)
