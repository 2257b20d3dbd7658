"""What the pages of hours announce: to those who may change them."""

from typing import Any

from sqlalchemy import Select, Text, cast, func, literal, select

from app import live
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.company.live import ROOM
from app.extensions import db
from app.hours.models import BusinessHours, OwnDate


def hours_changed(kind: str, scope_id: int) -> None:
    """The hours or the texts of one scope: what others take from it changes with it."""
    live.touch(ROOM, "hours:all", "hours-card:*", "hours-texts:*", "hours-dates:*")


def dates_changed() -> None:
    """The days that are not like their weekday."""
    live.touch(ROOM, "hours:all", "hours-dates:*")


def version() -> Select[tuple[str]]:
    """Everything of hours as one text."""
    rows: Any = func.coalesce(func.sum(BusinessHours.version), 0)
    dates: Any = func.coalesce(func.sum(OwnDate.version), 0)
    one = select(cast(rows, Text)).scalar_subquery()
    other = select(cast(dates, Text)).scalar_subquery()
    return select(one + literal(".") + other)


@live.region("hours")
@live.region("hours-card")
@live.region("hours-texts")
@live.region("hours-dates")
def _hours_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    return version() if db.session.get_one(User, user_id).can(Permission.COMPANY_MANAGE) else None
