"""The list of consultants, and the form of one."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from app.accounts.access import acting_user, requires
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.consultants import live, queries, service, week
from app.consultants.models import Consultant
from app.consultants.routes.blueprint import ONE, blueprint
from app.errors import GuicheError, NotFound
from app.extensions import db

_FIELDS = ("name", "email", "phone", "languages", "capacity", "pipedrive_id", "user_id")


@blueprint.get("/consultores")
@requires(Permission.CONSULTANTS_MANAGE)
def consultant_list() -> str:
    """Everybody in the order of the turn, and what managers can do with it."""
    return render_template("consultants/consultants.html", **list_context())


@blueprint.get("/consultores/lista")
@requires(Permission.CONSULTANTS_MANAGE)
def consultant_rows() -> str:
    """The list alone, for a page that fell behind."""
    return render_template("consultants/_list.html", **list_context())


@blueprint.get("/consultores/novo")
@requires(Permission.CONSULTANTS_MANAGE)
def new_consultant() -> str:
    """An empty form."""
    given = {"languages": "pt-BR", "in_sequence": True, "days": [*["08:00-18:00"] * 5, "", ""]}
    return render_template("consultants/consultant.html", **_form(None, given))


@blueprint.post("/consultores")
@requires(Permission.CONSULTANTS_MANAGE)
def create_consultant() -> Response | tuple[str, int]:
    """Create one, or say what cannot be."""
    try:
        made = service.create(acting_user(), _given())
    except GuicheError as error:
        return _refused(None, error)
    flash(_("%(name)s entrou no fim da fila.", name=made.name))
    return redirect(url_for("consultants.consultant_list"))


@blueprint.get(ONE)
@requires(Permission.CONSULTANTS_MANAGE)
def consultant(consultant_id: int) -> str:
    """The form of one."""
    found = queries.find(consultant_id)
    return render_template("consultants/consultant.html", **_form(found, _present(found)))


@blueprint.post(ONE)
@requires(Permission.CONSULTANTS_MANAGE)
def save_consultant(consultant_id: int) -> Response | tuple[str, int]:
    """Save it, or say what cannot be."""
    found = queries.find(consultant_id)
    try:
        service.edit(acting_user(), consultant_id, _given())
    except GuicheError as error:
        if isinstance(error, NotFound):
            raise
        return _refused(found, error)
    flash(_("Salvo. Já vale para a próxima vez."))
    return redirect(url_for("consultants.consultant_list"))


@blueprint.post(ONE + "/uso")
@requires(Permission.CONSULTANTS_MANAGE)
def switch_consultant(consultant_id: int) -> Response:
    """Deactivate, or let them come back (`ativo`)."""
    if request.form.get("ativo") == "1":
        done = service.reactivate(acting_user(), consultant_id)
        flash(_("%(name)s voltou, no fim da fila.", name=done.name))
    else:
        done = service.leave(acting_user(), consultant_id)
        flash(_("%(name)s não recebe mais ninguém. Os protocolos ficam.", name=done.name))
    return redirect(url_for("consultants.consultant_list"))


def list_context() -> dict[str, Any]:
    """What the list shows; six queries."""
    shown = "inactive" if request.args.get("ver") == "desativados" else "active"
    people = queries.in_order() if shown == "active" else queries.listed("inactive")
    return {
        "version": db.session.scalar(live.every_version()),
        "people": people,
        "shown": shown,
        "busy": queries.busy(),
        "queue": queries.queue(),
        "last": queries.last_hand_out(),
    }


def _given() -> dict[str, Any]:
    given: dict[str, Any] = {name: request.form.get(name, "") for name in _FIELDS}
    hours = week.read_week(_days()) if request.form.get("horario") == "semana" else None
    return given | {"in_sequence": bool(request.form.get("in_sequence")), "hours": hours}


def _days() -> list[str]:
    return [request.form.get(f"dia-{number}", "") for number in range(7)]


def _typed() -> dict[str, Any]:
    """What a form held that could not be kept."""
    given: dict[str, Any] = {name: request.form.get(name, "") for name in _FIELDS}
    chosen = {"in_sequence": bool(request.form.get("in_sequence")), "days": _days()}
    return given | chosen | {"by_clock": request.form.get("horario") == "semana"}


def _present(found: Consultant) -> dict[str, Any]:
    values = {name: getattr(found, name) for name in (*_FIELDS, "in_sequence")}
    days = [week.day_text(day) for day in found.hours or [[]] * 7]
    told = {"languages": ", ".join(found.languages), "days": days}
    return values | told | {"by_clock": found.hours is not None}


def _refused(found: Consultant | None, error: GuicheError) -> tuple[str, int]:
    context = _form(found, _typed()) | {"fault": error.message}
    return render_template("consultants/consultant.html", **context), error.status


def _form(found: Consultant | None, given: dict[str, Any]) -> dict[str, Any]:
    taken = select(Consultant.user_id).where(
        Consultant.user_id.is_not(None), Consultant.left_at.is_(None)
    )
    if found is not None:
        taken = taken.where(Consultant.id != found.id)
    free = select(User).where(User.active, User.id.not_in(taken))
    present = found.user_id if found else None
    people = [
        person
        for person in db.session.scalars(free.order_by(func.fold(User.name), User.id))
        if person.can(Permission.CONVERSATIONS_WORK) or person.id == present
    ]
    return {"found": found, "given": given, "people": people, "spoken": queries.spoken()}
