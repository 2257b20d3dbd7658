"""What managers do with teams, each time recorded; nothing else writes their table."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from app.accounts import audit
from app.accounts import service as staff
from app.accounts.models import User
from app.company import memory
from app.errors import Conflict, GuicheError, NotFound
from app.extensions import db
from app.live import kick_everyone
from app.teams import live, queries
from app.teams.models import COLOURS, Team
from app.transactions import atomic, on_commit

LONGEST_NAME = 40


def create(actor: User, name: str, colour: str = "teal", is_default: bool = False) -> Team:
    """A team without members. Raises GuicheError, Conflict when the name is taken."""
    with atomic() as session:
        team = Team(name=_checked_name(name), colour=_checked_colour(colour))
        _check_free(team.name)
        session.add(team)
        session.flush()
        if is_default:
            _make_default(team)
        audit.record(actor, "team.created", "team", team.id, after=_shown(team))
        _changed(team)
        if db.session.scalar(select(func.count()).select_from(Team)) == 1:
            on_commit(kick_everyone)  # until now there was nothing to tell apart
    return team


def edit(actor: User, team_id: int, name: str, colour: str, is_default: bool) -> Team:
    """Change the name, the colour, and whether it receives what has no other team."""
    with atomic():
        team = _lock(team_id)
        before = _shown(team)
        wanted = _checked_name(name)
        _check_free(wanted, except_id=team.id)
        team.name, team.colour = wanted, _checked_colour(colour)
        if is_default and not team.is_default:
            if not team.active:
                raise Conflict(_("Reative a equipe antes de torná-la a padrão."))
            _make_default(team)
        elif not is_default:
            team.is_default = False
        if before != _shown(team):
            audit.record(actor, "team.edited", "team", team.id, before, _shown(team))
            _changed(team)
    return team


def save(
    actor: User, team_id: int, name: str, colour: str, is_default: bool, user_ids: Sequence[int]
) -> Team:
    """`edit` and `set_members` at once: all of it is kept, or none."""
    with atomic():
        edit(actor, team_id, name, colour, is_default)
        return set_members(actor, team_id, user_ids)


def archive(actor: User, team_id: int) -> Team:
    """Put out of use: nothing new goes there; what it has stays with its members."""
    with atomic():
        team = _lock(team_id)
        if team.active:
            team.active = team.is_default = False
            audit.record(actor, "team.archived", "team", team.id, after={"name": team.name})
            _changed(team)
    return team


def restore(actor: User, team_id: int) -> Team:
    """Use it again."""
    with atomic():
        team = _lock(team_id)
        if not team.active:
            team.active = True
            audit.record(actor, "team.restored", "team", team.id, after={"name": team.name})
            _changed(team)
    return team


def set_members(actor: User, team_id: int, user_ids: Sequence[int]) -> Team:
    """The team has exactly these members. Their screens follow at once."""
    with atomic():
        team = _lock(team_id)
        before = {user.id for user in queries.members_of(team.id)}
        known = {user.id: user for user in queries.candidates()}
        wanted = set(user_ids)
        if not wanted <= set(known) | before:
            raise GuicheError(_("Escolha pessoas que atendem conversas."), status=422)
        for user_id in sorted(before ^ wanted):
            person = db.session.get_one(User, user_id)
            others = [one for one in person.team_ids if one != team.id]
            _put_in(actor, user_id, [*others, team.id] if user_id in wanted else others)
        if before != wanted:
            _changed(team)
    return team


def set_teams_of(actor: User, user_id: int, team_ids: Sequence[int]) -> User:
    """The person belongs to exactly these teams. Their screens follow at once."""
    with atomic():
        known = {team.id for team in queries.everyone()}
        if not set(team_ids) <= known:
            raise NotFound
        person = db.session.get(User, user_id)
        if person is None:
            raise NotFound
        touched = set(person.team_ids) ^ set(team_ids)
        _put_in(actor, user_id, team_ids)
        for team_id in sorted(touched):
            _changed(_lock(team_id))
    return person


def _put_in(actor: User, user_id: int, team_ids: Sequence[int]) -> None:
    before, after = staff.put_in_teams(user_id, team_ids)
    if before != after:
        told = [{"teams": queries.names(ids)} for ids in (before, after)]
        audit.record(actor, "user.teams_changed", "user", user_id, *told)
        on_commit(partial(live.teams_of_changed, user_id))


def _lock(team_id: int) -> Team:
    lock = {"key_share": True}
    team = db.session.get(Team, team_id, with_for_update=lock, populate_existing=True)
    if team is None:
        raise NotFound
    return team


def _make_default(team: Team) -> None:
    """In place of the one before."""
    former = db.session.scalars(
        update(Team)
        .where(Team.is_default, Team.id != team.id)
        .values(is_default=False, version=Team.version + 1)
        .returning(Team.id)
    ).all()
    db.session.flush()
    team.is_default = True
    memory.forget()
    for team_id in former:
        on_commit(partial(live.team_changed, team_id), once=("team", team_id))


def _changed(team: Team) -> None:
    memory.forget()
    team.version = (team.version or 0) + 1
    on_commit(partial(live.team_changed, team.id), once=("team", team.id))


def _shown(team: Team) -> dict[str, Any]:
    return {"name": team.name, "colour": team.colour, "is_default": bool(team.is_default)}


def _checked_name(text: str) -> str:
    name = " ".join(text.replace("\0", "").split())
    if not 1 <= len(name) <= LONGEST_NAME:
        most = LONGEST_NAME
        raise GuicheError(_("Dê à equipe um nome de até %(most)s letras.", most=most), status=422)
    return name


def _checked_colour(colour: str) -> str:
    if colour not in COLOURS:
        raise GuicheError(_("Escolha uma das cores oferecidas."), status=422)
    return colour


def _check_free(name: str, except_id: int = 0) -> None:
    query = select(Team).where(func.fold(Team.name) == func.fold(name), Team.id != except_id)
    taken = db.session.scalar(query)
    if taken is None:
        return
    out = "" if taken.active else " " + _("Ela está fora de uso: reative.")
    raise Conflict(_("Já existe a equipe %(name)s.", name=taken.name) + out)
