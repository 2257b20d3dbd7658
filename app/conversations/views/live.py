"""What saved views announce: open menus ask for themselves again."""

from typing import Any

from sqlalchemy import Select, Text, cast, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.conversations.live import INBOX
from app.conversations.views import queries
from app.conversations.views.models import SavedView
from app.extensions import db
from app.live import region, touch, user_room


def view_changed(owner_id: int, shared: bool) -> None:
    """A view is new, renamed, deleted or back."""
    touch(INBOX if shared else user_room(owner_id), "views:me")


def version(views: list[SavedView], totals: dict[int, str]) -> str:
    """What a menu shows, as one text: the views, and what they hold."""
    shown = [f"{one.id}:{one.version}:{totals[one.id]}" for one in views]
    return ",".join(sorted(shown))


@region("views")
def _views_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    viewer = db.session.get(User, user_id)
    if viewer is None or not viewer.can(Permission.CONVERSATIONS_VIEW):
        return None
    views = queries.of(viewer)
    if not views:
        return select(literal(""))
    found = queries.counted(viewer, views).subquery()
    version = select(SavedView.version).where(SavedView.id == found.c.id).scalar_subquery()
    row: Any = cast(found.c.id, Text) + ":" + cast(version, Text) + ":" + found.c.total
    # Sorted as texts, as `version` does.
    return select(func.string_agg(row, aggregate_order_by(literal(","), row.collate("C"))))
