"""Motivos de encerramento: the list that is offered when a conversation is closed."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, render_template, request

from app.accounts import audit_words
from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.closing_reasons import live, queries, service
from app.company.routes import Page, pages
from app.errors import GuicheError
from app.extensions import db
from app.words import N_

blueprint = Blueprint("closing_reasons", __name__, url_prefix="/configuracoes/motivos")

ONE = "/<int(max=2147483647):reason_id>"
_AUDITED = {
    "closing_reason.created": N_("Criou o motivo"),
    "closing_reason.renamed": N_("Renomeou o motivo"),
    "closing_reason.moved": N_("Mudou a ordem dos motivos"),
    "closing_reason.archived": N_("Arquivou o motivo"),
    "closing_reason.restored": N_("Restaurou o motivo"),
}

pages.append(
    Page("closing_reasons.reason_list", N_("Motivos de encerramento"), Permission.COMPANY_MANAGE)
)


def init_app(app: Flask) -> None:
    """Add the page, and what desks ask for."""
    audit_words.ACTIONS.update(_AUDITED)
    audit_words.ENTITIES["closing_reason"] = N_("motivo de encerramento")
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(closing_reasons=queries.offered, reason_name=queries.name_of)


@blueprint.get("")
@requires(Permission.COMPANY_MANAGE)
def reason_list() -> str:
    """The page."""
    return render_template("closing_reasons/reasons.html", **_context())


@blueprint.get("/lista")
@requires(Permission.COMPANY_MANAGE)
def reason_rows() -> str:
    """The list alone, for a page that fell behind."""
    return _list()


@blueprint.post("")
@requires(Permission.COMPANY_MANAGE)
def create_reason() -> str:
    """Add a reason."""
    return _do(lambda: service.create(acting_user(), request.form.get("name", "")))


@blueprint.post(ONE)
@requires(Permission.COMPANY_MANAGE)
def rename_reason(reason_id: int) -> str:
    """Give it another name."""
    return _do(lambda: service.rename(reason_id, acting_user(), request.form.get("name", "")))


@blueprint.post(ONE + "/uso")
@requires(Permission.COMPANY_MANAGE)
def switch_reason(reason_id: int) -> str:
    """Offer it no more, or again (`active`)."""
    act = service.restore if request.form.get("active") == "1" else service.archive
    return _do(lambda: act(reason_id, acting_user()))


@blueprint.post(ONE + "/ordem")
@requires(Permission.COMPANY_MANAGE)
def move_reason(reason_id: int) -> str:
    """Offer it one place earlier."""
    return _do(lambda: service.move_up(reason_id, acting_user()))


def _do(act: Callable[[], Any]) -> str:
    try:
        act()
    except GuicheError as error:
        if error.status == 404:
            raise
        return _list(error.message, request.form.get("name", ""))
    return _list()


def _list(fault: str = "", typed: str = "") -> str:
    return render_template("closing_reasons/_list.html", fault=fault, typed=typed, **_context())


def _context() -> dict[str, object]:
    return {"reasons": queries.everything(), "version": db.session.scalar(live.version())}
