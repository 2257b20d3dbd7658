"""Satisfação: what customers answered, for managers; and the survey of one conversation."""

from flask import Blueprint, Flask, Response, render_template, request

from app.accounts import audit_words
from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.company import service as company
from app.conversations import marking
from app.conversations import queries as conversations
from app.conversations import service as desk
from app.exports.routes import csv_file, dated
from app.surveys import exporting, live, queries, service, settings, sockets, wording
from app.teams import queries as teams
from app.words import N_

blueprint = Blueprint("surveys", __name__)

__all__ = ["blueprint", "init_app", "live", "settings", "sockets"]  # importing registers them


def init_app(app: Flask) -> None:
    """Add the pages, ask after closings, and keep answers from opening conversations."""
    app.register_blueprint(blueprint)
    marking.EVENTS["survey_answered"] = wording.event
    audit_words.ACTIONS["surveys.exported"] = N_("Exportou as respostas da pesquisa")
    audit_words.ENTITIES["survey"] = N_("pesquisa")
    app.jinja_env.globals.update(
        score_name=wording.score_name,
        decimal=wording.decimal,
        setting_of_survey=lambda: company.get(settings.ENABLED),
    )
    if service.plan not in desk.on_closed:
        desk.on_closed.append(service.plan)
        desk.kept_apart.append(service.keep_answer)


@blueprint.get("/satisfacao")
@requires(Permission.CONVERSATIONS_VIEW_ALL)
def results_page() -> str:
    """The numbers of a period, and the comments."""
    staff = conversations.attending(conversations.active_staff())
    return render_template(
        "surveys/results_page.html", people=staff, teams=teams.in_use(), **_context()
    )


@blueprint.get("/satisfacao/resultados")
@requires(Permission.CONVERSATIONS_VIEW_ALL)
def results() -> str:
    """The numbers and the first comments again."""
    return render_template("surveys/_results.html", **_context())


@blueprint.get("/satisfacao/comentarios")
@requires(Permission.CONVERSATIONS_VIEW_ALL)
def comments() -> str:
    """The next page of comments (`depois`)."""
    chosen = queries.parse(request.args)
    page = queries.answers(chosen, request.args.get("depois", ""))
    return render_template("surveys/_comments.html", chosen=chosen, page=page)


@blueprint.post("/satisfacao/exportacao")
@requires(Permission.CONVERSATIONS_VIEW_ALL)
def export() -> Response:
    """Every answer of the period as CSV."""
    lines = exporting.csv_export(acting_user(), queries.parse(request.form))
    return csv_file(lines, dated("satisfacao"))


@blueprint.get("/conversas/<int:conversation_id>/pesquisa")
@requires(Permission.CONVERSATIONS_VIEW)
def of_conversation(conversation_id: int) -> str:
    """What was asked after one conversation, and what was answered."""
    found = conversations.find(acting_user(), conversation_id)
    shown = queries.of_conversation(acting_user(), found)
    return render_template("surveys/_of_conversation.html", conversation=found, shown=shown)


def _context() -> dict[str, object]:
    chosen = queries.parse(request.args)
    return {
        "chosen": chosen,
        "results": queries.results(chosen),
        "page": queries.answers(chosen),
    }
