"""What the page of the reasons announces; open desks ask for theirs when they close."""

from typing import Any

from sqlalchemy import Select, Text, cast, func, select

from app import live
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.closing_reasons.models import ClosingReason
from app.extensions import db

ROOM = "company"  # those who may change the company's settings


def reasons_changed() -> None:
    """Whoever has the page open asks for it again."""
    live.touch(ROOM, "closing-reasons:all")


def version() -> Select[tuple[str]]:
    """What the page shows as one number."""
    total: Any = cast(func.coalesce(func.sum(ClosingReason.version), 0), Text)
    return select(total)


@live.region("closing-reasons")
def _reasons_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    may = db.session.get_one(User, user_id).can(Permission.COMPANY_MANAGE)
    return version() if may else None
