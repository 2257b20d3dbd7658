"""What the page of promises announces."""

from typing import Any

from sqlalchemy import Select, Text, cast, func, select

from app import live
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.company.live import ROOM
from app.conversations import queries as conversations
from app.conversations.models import Conversation
from app.deadlines.models import DeadlinePolicy
from app.extensions import db


def policies_changed() -> None:
    """Whoever has the page open asks for it again."""
    live.touch(ROOM, "deadlines:all")


def version() -> Select[tuple[str]]:
    """What the page shows as one number."""
    total: Any = cast(func.coalesce(func.sum(DeadlinePolicy.version), 0), Text)
    return select(total)


@live.region("deadlines")
def _policies_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    return version() if db.session.get_one(User, user_id).can(Permission.COMPANY_MANAGE) else None


@live.region("times")
def _times_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    """The times of a conversation turn with its owner; in between they are read as they were."""
    viewer = db.session.get(User, user_id)
    if viewer is None or not argument.isdecimal() or len(argument) > 18:
        return None
    version: Any = cast(Conversation.owner_version, Text)
    query = select(version).where(Conversation.id == int(argument))
    return conversations.visible_to(viewer, query)
