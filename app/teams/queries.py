"""Finding teams and who belongs to them."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import any_, func, literal, select

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.company import memory
from app.errors import NotFound
from app.extensions import db
from app.teams.models import Team


def everyone() -> list[Team]:
    """All teams, those in use first, by name."""
    order = (Team.active.desc(), func.fold(Team.name), Team.id)
    return list(db.session.scalars(select(Team).order_by(*order)))


class Known(NamedTuple):
    """A team as every page knows it, without a query."""

    id: int
    name: str
    active: bool


def known() -> list[Known]:
    """All teams by name, from memory."""
    return memory.remember("teams", _read)


def _read() -> list[Known]:
    query = select(Team.id, Team.name, Team.active).order_by(func.fold(Team.name), Team.id)
    return [Known(*row) for row in db.session.execute(query)]


def in_use() -> list[Known]:
    """The teams that conversations can be given to, by name."""
    return [team for team in known() if team.active]


def find(team_id: int) -> Team:
    """One team; raises NotFound."""
    team = db.session.get(Team, team_id)
    if team is None:
        raise NotFound
    return team


def members_of(team_id: int) -> list[User]:
    """The active people of a team, by name."""
    query = select(User).where(User.active, literal(team_id) == any_(User.team_ids))
    return list(db.session.scalars(query.order_by(func.fold(User.name), User.id)))


def candidates() -> list[User]:
    """Everyone who can belong to a team: active people who see conversations, by name."""
    query = select(User).where(User.active).order_by(func.fold(User.name), User.id)
    return [user for user in db.session.scalars(query) if user.can(Permission.CONVERSATIONS_VIEW)]


def sizes() -> dict[int, int]:
    """How many active people each team has."""
    team_id = func.unnest(User.team_ids).label("team_id")
    each = select(team_id).where(User.active).subquery()
    query = select(each.c.team_id, func.count()).group_by(each.c.team_id)
    return {row[0]: row[1] for row in db.session.execute(query)}


def names(team_ids: Iterable[int]) -> list[str]:
    """The names of these teams, in alphabetical order."""
    query = select(Team.name).where(Team.id.in_(list(team_ids))).order_by(func.fold(Team.name))
    return list(db.session.scalars(query))


def team_for(channel_team_id: int | None) -> int | None:
    """Where a new conversation goes: the channel's own team while in use, else the default one."""
    query = select(Team.id).where(Team.active, (Team.id == channel_team_id) | Team.is_default)
    return db.session.scalar(query.order_by((Team.id == channel_team_id).desc()).limit(1))
