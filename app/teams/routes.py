"""Equipes: which there are, who belongs to each, and the teams of one person."""

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import audit_words
from app.accounts.access import acting_user, requires
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.company.routes import Page, pages
from app.errors import GuicheError, NotFound
from app.extensions import db
from app.teams import live, queries, service, sockets
from app.teams.models import COLOURS, Team
from app.words import N_

blueprint = Blueprint("teams", __name__, url_prefix="/configuracoes/equipes")

__all__ = ["blueprint", "init_app", "sockets"]  # importing the sockets is what registers them

ONE = "/<int(max=2147483647):team_id>"
_AUDITED = {
    "team.created": N_("Criou a equipe"),
    "team.edited": N_("Editou a equipe"),
    "team.archived": N_("Tirou a equipe de uso"),
    "team.restored": N_("Reativou a equipe"),
    "user.teams_changed": N_("Mudou as equipes da pessoa"),
}
_FIELDS = {"colour": N_("cor"), "is_default": N_("equipe padrão"), "teams": N_("equipes")}
_COLOURS = {
    "teal": N_("Verde-água"),
    "blue": N_("Azul"),
    "indigo": N_("Anil"),
    "purple": N_("Roxo"),
    "pink": N_("Rosa"),
    "red": N_("Vermelho"),
    "orange": N_("Laranja"),
    "yellow": N_("Amarelo"),
    "lime": N_("Limão"),
    "green": N_("Verde"),
}

pages.append(Page("teams.team_list", N_("Equipes"), Permission.TEAMS_MANAGE))


def init_app(app: Flask) -> None:
    """Add the pages."""
    audit_words.ACTIONS.update(_AUDITED)
    audit_words.ENTITIES["team"] = N_("equipe")
    audit_words.FIELDS.update(_FIELDS)
    audit_words.VALUES.update(_COLOURS)
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(team_colours=_COLOURS)


@blueprint.get("")
@requires(Permission.TEAMS_MANAGE)
def team_list() -> str:
    """Every team."""
    return render_template("teams/teams.html", **_everything())


@blueprint.get("/lista")
@requires(Permission.TEAMS_MANAGE)
def team_rows() -> str:
    """The list alone, for a page that fell behind."""
    return render_template("teams/_list.html", **_everything())


@blueprint.post("")
@requires(Permission.TEAMS_MANAGE)
def create_team() -> Response | tuple[str, int]:
    """A new team; its page follows, where its members are chosen."""
    name, colour = request.form.get("name", ""), request.form.get("colour", COLOURS[0])
    try:
        team = service.create(acting_user(), name, colour)
    except GuicheError as error:
        page = render_template("teams/teams.html", fault=error.message, typed=name, **_everything())
        return page, error.status
    flash(_("Equipe criada. Escolha agora quem faz parte dela."))
    return redirect(url_for("teams.team", team_id=team.id))


@blueprint.get(ONE)
@requires(Permission.TEAMS_MANAGE)
def team(team_id: int) -> str:
    """One team: its name, its colour and its members."""
    return render_template("teams/team.html", **_context(team_id))


@blueprint.get(ONE + "/ficha")
@requires(Permission.TEAMS_MANAGE)
def team_card(team_id: int) -> str:
    """The team's card alone, for a page that fell behind."""
    return render_template("teams/_card.html", **_context(team_id))


@blueprint.post(ONE)
@requires(Permission.TEAMS_MANAGE)
def save_team(team_id: int) -> str:
    """Save the card: name, colour, default and members, or say what cannot be."""
    try:
        with_members = [int(one) for one in request.form.getlist("members") if one.isdecimal()]
        service.save(
            acting_user(), team_id, request.form.get("name", ""), request.form.get("colour", ""),
            bool(request.form.get("is_default")), with_members,
        )  # fmt: skip
    except GuicheError as error:
        if error.status == 404:
            raise
        return render_template("teams/_card.html", fault=error.message, **_context(team_id))
    return render_template("teams/_card.html", saved=True, **_context(team_id))


@blueprint.post(ONE + "/uso")
@requires(Permission.TEAMS_MANAGE)
def switch_team(team_id: int) -> str:
    """Put the team out of use, or use it again (`active`)."""
    act = service.restore if request.form.get("active") == "1" else service.archive
    act(acting_user(), team_id)
    return render_template("teams/_card.html", **_context(team_id))


@blueprint.get("/de/<int(max=2147483647):user_id>")
@requires(Permission.TEAMS_MANAGE)
def teams_of(user_id: int) -> str:
    """The teams of one person, for their card."""
    return _of(_person(user_id))


@blueprint.post("/de/<int(max=2147483647):user_id>")
@requires(Permission.TEAMS_MANAGE)
def save_teams_of(user_id: int) -> str:
    """The person belongs to exactly the teams that were ticked."""
    chosen = [int(one) for one in request.form.getlist("teams") if one.isdecimal()]
    return _of(service.set_teams_of(acting_user(), user_id, chosen), saved=True)


def _of(person: User, saved: bool = False) -> str:
    return render_template(
        "teams/_of_person.html", person=person, teams=queries.everyone(), saved=saved
    )


def _person(user_id: int) -> User:
    found = db.session.get(User, user_id)
    if found is None:
        raise NotFound
    return found


def _everything() -> dict[str, object]:
    version = db.session.scalar(live.every_version())
    return {"teams": queries.everyone(), "sizes": queries.sizes(), "version": version}


def _context(team_id: int) -> dict[str, object]:
    found: Team = queries.find(team_id)
    return {"team": found, "people": queries.candidates()}
