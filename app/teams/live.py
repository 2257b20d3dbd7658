"""What teams announce to the screens."""

from typing import Any

from sqlalchemy import Select, Text, cast, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app import live
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.extensions import db
from app.teams.models import Team

ROOM = "teams"
DESK = "inbox"


def team_changed(team_id: int) -> None:
    """The list of teams, the team's own page, and its mark on every row of a list."""
    team = db.session.get_one(Team, team_id)
    live.touch(ROOM, "teams:all", f"team:{team_id}")
    live.push(DESK, "teams/live/mark_changed.html", team=team)


def teams_of_changed(user_id: int) -> None:
    """To which teams somebody belongs."""
    live.touch(ROOM, f"teams-of:{user_id}")


def _may(user_id: int) -> bool:
    return db.session.get_one(User, user_id).can(Permission.TEAMS_MANAGE)


def _number(argument: str) -> int | None:
    return int(argument) if argument.isdecimal() and len(argument) < 10 else None


def every_version() -> Select[tuple[str]]:
    """All teams and their versions as one text."""
    row = cast(Team.id, Text) + ":" + cast(Team.version, Text)
    joined = func.string_agg(row, aggregate_order_by(literal(","), Team.id))
    return select(func.coalesce(joined, ""))


@live.region("teams")
def _teams_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    return every_version() if _may(user_id) else None


@live.region("team")
def _team_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    team_id = _number(argument)
    if team_id is None or not _may(user_id):
        return None
    version: Any = cast(Team.version, Text)
    return select(version).where(Team.id == team_id)


@live.region("teams-of")
def _teams_of_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    person = _number(argument)
    if person is None or not _may(user_id):
        return None
    joined: Any = func.array_to_string(User.team_ids, ",")
    return select(joined).where(User.id == person)
