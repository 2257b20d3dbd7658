"""What labels announce: their chips wherever they are shown, and the list that manages them."""

from typing import Any

from sqlalchemy import ARRAY, Integer, Select, Text, cast, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.extensions import db
from app.labels import queries
from app.labels.models import Label
from app.live import push, region

ROOM = "labels"


def label_changed(label: Label) -> None:
    """A label is new, or has another name or colour, or is archived or restored."""
    total = db.session.scalar(select(queries.version()))
    push(ROOM, "labels/live/label_changed.html", label=label, total=total)


def _may(user_id: int, permission: Permission) -> bool:
    return db.session.get_one(User, user_id).can(permission)


@region("labels")
def _labels_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    """`all`: everything that shows chips; `list`: the rows of the page that manages them."""
    if argument == "all":
        may = _may(user_id, Permission.CONVERSATIONS_VIEW)
        total: Any = cast(queries.version(), Text)
        return select(total) if may else None
    if not _may(user_id, Permission.LABELS_MANAGE):
        return None
    row = cast(Label.id, Text) + ":" + cast(Label.version, Text)
    place = func.array_position(cast(_shown_ids(shown), ARRAY(Integer)), Label.id)
    return select(func.string_agg(row, aggregate_order_by(literal(","), place, Label.id)))


def _shown_ids(shown: str) -> list[int]:
    ids = (part.partition(":")[0] for part in shown.split(","))
    return [int(text) for text in ids if text.isdecimal() and len(text) < 10]
