"""What saved views announce: open menus ask for themselves again."""

from typing import Any

from sqlalchemy import Select, Text, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.conversations.live import INBOX
from app.conversations.views.models import SavedView
from app.extensions import db
from app.live import region, touch, user_room


def view_changed(owner_id: int, shared: bool) -> None:
    """A view is new, renamed, deleted or back."""
    touch(INBOX if shared else user_room(owner_id), "views:me")


def version(views: list[SavedView]) -> str:
    """What a menu shows, as one text."""
    return ",".join(f"{view.id}:{view.version}" for view in sorted(views, key=lambda v: v.id))


@region("views")
def _views_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    viewer = db.session.get(User, user_id)
    if viewer is None or not viewer.can(Permission.CONVERSATIONS_VIEW):
        return None
    row: Any = cast(SavedView.id, Text) + ":" + cast(SavedView.version, Text)
    return select(func.string_agg(row, aggregate_order_by(literal(","), SavedView.id))).where(
        SavedView.deleted_at.is_(None), or_(SavedView.shared, SavedView.owner_id == user_id)
    )
