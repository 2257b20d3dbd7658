"""What consultants and their turn announce to the screens.

Who sees what of it differs, so nothing is pushed but the names of what changed. At two hundred
turns a second a screen is told a few times a second, the last time after the last turn.
"""

from typing import Any

from sqlalchemy import Select, Text, cast, func, literal, select

from app import live
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.consultants.models import Consultant, ConsultantQueue
from app.extensions import db
from app.live import user_room
from app.throttle import Throttle

ROOM = "consultants"


def _touch() -> None:
    live.touch(ROOM, "consultants:*", "turn:*")


# The order, who is there, or who has how much changed.
turn_taken = Throttle(_touch)


def own_switch_changed(user_id: int) -> None:
    """Somebody's own switch stands elsewhere."""
    live.touch(user_room(user_id), "my-switch:me")


def sees(user_id: int) -> bool:
    """Whether this person's screens show consultants."""
    return db.session.get_one(User, user_id).can(Permission.CONSULTANTS_VIEW)


def every_version() -> Select[tuple[str]]:
    """All consultants and the queue: each change raises one of the summed versions."""
    queue = select(ConsultantQueue.version).scalar_subquery()
    total: Any = func.concat(
        func.count(Consultant.id), ".", func.coalesce(func.sum(Consultant.version), 0), ".",
        func.coalesce(queue, 0),
    )  # fmt: skip
    return select(total)


@live.region("consultants")
def _consultants(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    return every_version() if sees(user_id) else None


@live.region("my-switch")
def _my_switch(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    version: Any = cast(func.coalesce(func.max(Consultant.version), 0), Text)
    return select(version).where(Consultant.user_id == literal(user_id), Consultant.active)
