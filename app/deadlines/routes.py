"""Prazos: what is promised to whom, kept by managers; and the times of one conversation."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, render_template, request

from app.accounts import audit_words
from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.company.routes import Page, pages
from app.conversations import queries as conversations
from app.conversations.marking import EVENTS
from app.conversations.models import PRIORITIES
from app.conversations.service import hooks
from app.deadlines import keeping, live, policies, presenting, queries, rounds, service
from app.deadlines.policies import Policy
from app.errors import GuicheError
from app.extensions import db
from app.hours import service as hours
from app.teams import queries as teams
from app.words import N_

blueprint = Blueprint("deadlines", __name__, url_prefix="/configuracoes/prazos")
beside = Blueprint("times", __name__)

ONE = "/<int(max=2147483647):policy_id>"
_AUDITED = {
    "deadline.created": N_("Criou o prazo"),
    "deadline.edited": N_("Editou o prazo"),
    "deadline.moved": N_("Mudou a ordem dos prazos"),
    "deadline.paused": N_("Desligou o prazo"),
    "deadline.resumed": N_("Religou o prazo"),
}

pages.append(Page("deadlines.policy_list", N_("Prazos"), Permission.COMPANY_MANAGE))


def init_app(app: Flask) -> None:
    """Add the page, keep the clocks, and say what was missed."""
    audit_words.ACTIONS.update(_AUDITED)
    audit_words.ENTITIES["deadline"] = N_("prazo")
    audit_words.FIELDS.update(
        team=N_("equipe"),
        channel=N_("canal"),
        priority=N_("prioridade"),
        first_minutes=N_("minutos até a primeira resposta"),
        next_minutes=N_("minutos até a próxima resposta"),
        resolution_minutes=N_("minutos até a resolução"),
        in_hours=N_("só no horário de atendimento"),
        pauses_snoozed=N_("para enquanto adiada"),
        pauses_waiting=N_("para enquanto o cliente não responde"),
        warn_percent=N_("aviso em % do prazo"),
    )
    EVENTS["deadline_missed"] = presenting.missed
    app.register_blueprint(blueprint)
    app.register_blueprint(beside)
    app.jinja_env.globals.update(
        next_clock=presenting.next_clock,
        clocks_of=presenting.clocks_of,
        minutes_text=presenting.minutes_text,
        span_text=presenting.span_text,
    )
    keeping.follow()
    if keeping.heard not in hooks.on_inbound:
        hooks.on_inbound.append(keeping.heard)
        hours.on_change.append(rounds.hours_changed)


@blueprint.get("")
@requires(Permission.COMPANY_MANAGE)
def policy_list() -> str:
    """The page."""
    return render_template("deadlines/policies.html", **_context())


@blueprint.get("/lista")
@requires(Permission.COMPANY_MANAGE)
def policy_rows() -> str:
    """The list alone, for a page that fell behind."""
    return _list()


@blueprint.post("")
@requires(Permission.COMPANY_MANAGE)
def create_policy() -> str:
    """Add a promise."""
    return _do(lambda: service.create(acting_user(), _wanted()))


@blueprint.post(ONE)
@requires(Permission.COMPANY_MANAGE)
def save_policy(policy_id: int) -> str:
    """Promise otherwise."""
    return _do(lambda: service.edit(acting_user(), policy_id, _wanted()), policy_id)


@blueprint.post(ONE + "/ordem")
@requires(Permission.COMPANY_MANAGE)
def move_policy(policy_id: int) -> str:
    """Ask it one place earlier."""
    return _do(lambda: service.move_up(acting_user(), policy_id))


@blueprint.post(ONE + "/uso")
@requires(Permission.COMPANY_MANAGE)
def switch_policy(policy_id: int) -> str:
    """Use it no more, or again (`active`)."""
    active = request.form.get("active") == "1"
    return _do(lambda: service.switch(acting_user(), policy_id, active))


@beside.get("/conversas/<int(max=2147483647):conversation_id>/tempos")
@requires(Permission.CONVERSATIONS_VIEW)
def of_conversation(conversation_id: int) -> str:
    """How long it was the bot's, in line and with people."""
    talk = conversations.find(acting_user(), conversation_id)
    return render_template("deadlines/_times.html", conversation=talk, times=queries.times(talk))


def _do(act: Callable[[], Any], policy_id: int = 0) -> str:
    try:
        act()
    except GuicheError as error:
        if error.status == 404:
            raise
        return _list(error.message, policy_id)
    return _list()


def _wanted() -> Policy:
    form = request.form
    percent = form.get("warn_percent", "80").strip()
    return Policy(
        team_id=_number("team"),
        channel_id=_number("channel"),
        priority=_number("priority"),
        first_minutes=presenting.typed_minutes(form.get("first", "")),
        next_minutes=presenting.typed_minutes(form.get("next", "")),
        resolution_minutes=presenting.typed_minutes(form.get("resolution", "")),
        in_hours=form.get("in_hours") == "1",
        pauses_snoozed=bool(form.get("pauses_snoozed")),
        pauses_waiting=bool(form.get("pauses_waiting")),
        warn_percent=int(percent) if percent.isdecimal() and len(percent) < 4 else 0,
    )


def _number(name: str) -> int | None:
    text = request.form.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _list(fault: str = "", policy_id: int = 0) -> str:
    return render_template(
        "deadlines/_list.html",
        fault=fault,
        fault_at=policy_id,
        given=request.form if fault else {},
        **_context(),
    )


def _context() -> dict[str, Any]:
    return {
        "policies": policies.everything(),
        "version": db.session.scalar(live.version()),
        "teams": teams.known(),
        "channels": conversations.channels_of(acting_user()),
        "priorities": range(len(PRIORITIES)),
    }
