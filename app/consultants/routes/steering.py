"""What managers do with the turn: who is there, who is next, and whether anything goes out."""

from flask import render_template, request
from flask_babel import gettext as _

from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.consultants import service
from app.consultants.models import SWITCHES
from app.consultants.routes.blueprint import ONE, blueprint
from app.consultants.routes.pages import list_context
from app.errors import GuicheError


@blueprint.post(ONE + "/situacao")
@requires(Permission.CONSULTANTS_MANAGE)
def set_state(consultant_id: int) -> str:
    """Online, paused (`motivo`) or offline (`para`), whether or not their dashboard is open."""
    to = request.form.get("para", "")
    if to not in SWITCHES:
        raise GuicheError(_("Escolha online, pausa ou offline."), status=422)
    if to == "paused":
        reason = request.form.get("motivo", "") or _("pela gestão")
        service.pause_consultant(acting_user(), consultant_id, reason)
    else:
        service.set_online(acting_user(), consultant_id, to == "online")
    return _list()


@blueprint.post(ONE + "/vez")
@requires(Permission.CONSULTANTS_MANAGE)
def move(consultant_id: int) -> str:
    """Pass their turn (`acao=passar`) or put them first (`acao=primeiro`), for a `motivo`."""
    act = service.put_first if request.form.get("acao") == "primeiro" else service.pass_turn
    act(acting_user(), consultant_id, request.form.get("motivo", ""))
    return _list()


@blueprint.post("/pausa")
@requires(Permission.CONSULTANTS_MANAGE)
def pause_queue() -> str:
    """Hand nothing out any more, or go on (`acao=retomar`), for a `motivo`."""
    act = service.resume if request.form.get("acao") == "retomar" else service.pause
    act(acting_user(), request.form.get("motivo", ""))
    return _list()


def _list() -> str:
    return render_template("consultants/_list.html", **list_context())
