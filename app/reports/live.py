"""The regions of the home page. Nothing is pushed for it: the rows that the lists are pushed anyway
tell `static/home.js` when to ask for the numbers again, and every sync compares them.
"""

from sqlalchemy import Select

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.extensions import db
from app.live import region
from app.reports import panel


@region("home-tiles")
def _tiles_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    viewer = db.session.get(User, user_id)
    return panel.version(viewer) if viewer else None


@region("home-people")
def _people_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    return panel.loads_version() if _oversees(user_id) else None


@region("home-day")
def _day_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    return panel.day_version() if _oversees(user_id) else None


def _oversees(user_id: int) -> bool:
    return db.session.get_one(User, user_id).can(Permission.CONVERSATIONS_VIEW_ALL)
