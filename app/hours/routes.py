"""Horários: when the company, its teams and its channels attend, and what customers are told."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Flask, render_template, request
from flask_babel import gettext as _

from app import clock
from app.accounts import audit_words
from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.business_time import Day
from app.company.routes import Page, pages
from app.conversations.service import hooks
from app.errors import GuicheError, NotFound
from app.extensions import db
from app.forwarding import hooks as turn_line
from app.hours import (
    answering,
    forms,
    known,
    live,
    messages,
    public_days,
    queries,
    service,
    wording,
)
from app.hours.known import COMPANY, Scope
from app.hours.service import Saying, Wanted
from app.words import N_

blueprint = Blueprint("hours", __name__, url_prefix="/configuracoes/horarios")

PLACE = "/<kind>/<int(max=2147483647):number>"
ONE_DATE = "/datas/<int(max=2147483647):date_id>"
_AUDITED = {
    "hours.changed": N_("Mudou os horários"),
    "hours.texts_changed": N_("Mudou as mensagens automáticas de horário"),
    "own_date.created": N_("Criou a data"),
    "own_date.edited": N_("Editou a data"),
    "own_date.removed": N_("Removeu a data"),
    "own_date.restored": N_("Restaurou a data"),
}
_MODES = {
    "inherit": N_("usa os do nível acima"),
    "always": N_("sempre aberto"),
    "week": N_("horários próprios"),
}

pages.append(Page("hours.hours_page", N_("Horários"), Permission.COMPANY_MANAGE))


def init_app(app: Flask) -> None:
    """Add the pages, and hear of customers whom nobody attends."""
    audit_words.ACTIONS.update(_AUDITED)
    audit_words.ENTITIES.update(hours=N_("horário"), own_date=N_("data"))
    audit_words.FIELDS.update(
        mode=N_("horário"),
        zone=N_("fuso"),
        week=N_("semana"),
        holidays=N_("feriados"),
        region=N_("estado"),
        away=N_("mensagem fora do horário"),
        line_minutes=N_("minutos até avisar da fila"),
        day=N_("dia"),
        hours=N_("horas"),
    )
    audit_words.VALUES.update(_MODES)
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(
        day_hours=wording.day_text, week_hours=wording.week_text, hour_minutes=wording.clock_text
    )
    if answering.heard not in hooks.on_inbound:
        hooks.on_inbound.append(answering.heard)
        hooks.on_owner_changed.append(answering.owner_changed)
        turn_line.is_closed.append(answering.is_closed)


@blueprint.get("")
@requires(Permission.COMPANY_MANAGE)
def hours_page() -> str:
    """Whose hours hold where, and the days that have others."""
    return render_template("hours/hours.html", **_overview(), **_dates())


@blueprint.get("/lista")
@requires(Permission.COMPANY_MANAGE)
def place_rows() -> str:
    """The list alone, for a page that fell behind."""
    return render_template("hours/_places.html", **_overview())


@blueprint.get(PLACE)
@requires(Permission.COMPANY_MANAGE)
def place(kind: str, number: int) -> str:
    """The hours and the messages of the company, a team or a channel."""
    return render_template("hours/place.html", **_context(kind, number))


@blueprint.get(PLACE + "/ficha")
@requires(Permission.COMPANY_MANAGE)
def place_card(kind: str, number: int) -> str:
    """The hours alone, for a page that fell behind."""
    return render_template("hours/_hours.html", **_context(kind, number))


@blueprint.post(PLACE)
@requires(Permission.COMPANY_MANAGE)
def save_place(kind: str, number: int) -> str:
    """Save the hours, or say what cannot be; what was typed stays."""
    form = request.form
    fault = _try(lambda: service.save_hours(acting_user(), _scope(kind, number), _wanted()))
    context = _context(kind, number)
    if fault:
        context["typed"] = {
            "mode": form.get("mode"),
            "week": [
                list(zip(form.getlist(f"from-{day}"), form.getlist(f"to-{day}"), strict=False))
                for day in range(7)
            ],
        }
    return render_template("hours/_hours.html", fault=fault, saved=not fault, **context)


@blueprint.get(PLACE + "/mensagens")
@requires(Permission.COMPANY_MANAGE)
def place_texts(kind: str, number: int) -> str:
    """The messages alone, for a page that fell behind."""
    return render_template("hours/_texts.html", **_context(kind, number))


@blueprint.post(PLACE + "/mensagens")
@requires(Permission.COMPANY_MANAGE)
def save_texts(kind: str, number: int) -> str:
    """Save what customers are told."""
    fault = _try(lambda: service.save_texts(acting_user(), _scope(kind, number), _saying()))
    context = _context(kind, number)
    if fault:
        context["typed_texts"] = {
            key: value for key, value in request.form.items() if key.startswith("text-")
        }
    return render_template("hours/_texts.html", fault=fault, saved=not fault, **context)


@blueprint.get("/datas")
@requires(Permission.COMPANY_MANAGE)
def date_rows() -> str:
    """The dates alone, for a page that fell behind."""
    return _date_list()


@blueprint.post("/datas")
@requires(Permission.COMPANY_MANAGE)
def create_date() -> str:
    """A day that is not like its weekday."""
    return _date_list(
        _try(
            lambda: service.add_date(
                acting_user(),
                forms.date_of(request.form.get("day", "")),
                forms.name_of(request.form.get("name", "")),
                _day(),
                _named_scope(),
            )
        ),
        typed=True,
    )


@blueprint.post(ONE_DATE)
@requires(Permission.COMPANY_MANAGE)
def save_date(date_id: int) -> str:
    """Another day, name or hours."""
    return _date_list(
        _try(
            lambda: service.edit_date(
                acting_user(),
                date_id,
                forms.date_of(request.form.get("day", "")),
                forms.name_of(request.form.get("name", "")),
                _day(),
            )
        )
    )


@blueprint.delete(ONE_DATE)
@requires(Permission.COMPANY_MANAGE)
def remove_date(date_id: int) -> str:
    """That day is like its weekday again; the answer offers to undo it."""
    removed = service.remove_date(acting_user(), date_id)
    return _date_list(removed=removed)


@blueprint.post(ONE_DATE + "/restauracao")
@requires(Permission.COMPANY_MANAGE)
def restore_date(date_id: int) -> str:
    """Take back a removal."""
    return _date_list(_try(lambda: service.restore_date(acting_user(), date_id)))


def _try(act: Callable[[], Any]) -> str:
    """What cannot be, in words; nothing when it was done."""
    try:
        act()
    except GuicheError as error:
        if error.status == 404:
            raise
        return error.message
    return ""


def _scope(kind: str, number: int) -> Scope:
    if kind not in queries.KINDS:
        raise NotFound
    return (queries.KINDS[kind], number)


def _named_scope() -> Scope:
    """`empresa-0`, `equipe-3`, `canal-1`."""
    kind, _dash, number = request.form.get("scope", "empresa-0").partition("-")
    if kind not in queries.KINDS or not number.isdecimal() or len(number) > 9:
        raise NotFound
    return (queries.KINDS[kind], int(number))


def _wanted() -> Wanted:
    form, names = request.form, wording.weekday_names()
    week = tuple(
        forms.day_of(form.getlist(f"from-{day}"), form.getlist(f"to-{day}"), names[day])
        for day in range(7)
    )
    mode = form.get("mode", "")
    return Wanted(
        mode,
        form.get("zone", clock.COMPANY_ZONE.key),
        week,
        form.get("holidays", "national"),
        form.get("region", ""),
    )


def _saying() -> Saying:
    minutes = request.form.get("line_minutes", "").strip()
    if minutes and not (minutes.isdecimal() and len(minutes) < 6):
        raise GuicheError(_("A espera vai de 1 a 1440 minutos, ou fica vazia."), status=422)
    texts = {
        kind: {
            language: request.form.get(f"text-{kind}-{language}", "").replace("\r\n", "\n").strip()
            for language in messages.LANGUAGES
        }
        for kind in messages.DEFAULTS
    }
    return Saying(request.form.get("away", "inherit"), int(minutes) if minutes else None, texts)


def _day() -> Day:
    if request.form.get("closed"):
        return ()
    found = forms.day_of(request.form.getlist("from"), request.form.getlist("to"), _("esta data"))
    if not found:
        raise GuicheError(_("Diga o horário desse dia, ou marque que fica fechado."), status=422)
    return found


def _overview() -> dict[str, Any]:
    return {
        "places": queries.places(),
        "version": db.session.scalar(live.version()),
        "opening_text": wording.opening_text,
        "now": clock.now(),
    }


def _dates() -> dict[str, Any]:
    places = queries.places()
    return {
        "dates": queries.own_dates(),
        "holidays": queries.coming_holidays(),
        "scopes": [(f"{one.kind}-{one.scope[1]}", one) for one in places],
        "names": {one.scope: one.name for one in places},
        "dates_version": db.session.scalar(live.version()),
        "today": clock.now().astimezone(clock.COMPANY_ZONE).date(),
    }


def _date_list(fault: str = "", typed: bool = False, removed: Any = None) -> str:
    given = request.form if fault and typed else {}
    return render_template(
        "hours/_dates.html", fault=fault, given=given, removed=removed, **_dates()
    )


def _context(kind: str, number: int) -> dict[str, Any]:
    found = queries.place(kind, number)
    # What is asked when this scope says nothing: of the channel between, a team's page knows none.
    rules = [] if found.scope == COMPANY else known.rules_of(None, None)
    inherited = {
        (name, language): messages.words_for(name, language, rules)
        for name in messages.DEFAULTS
        for language in messages.LANGUAGES
    }
    return {
        "place": found,
        "version": db.session.scalar(live.version()),
        "zones": forms.ZONES,
        "holiday_kinds": public_days.KINDS,
        "regions": public_days.regions(),
        "languages": messages.LANGUAGES,
        "variables": messages.variables(),
        "inherited": inherited,
        "weekdays": wording.weekday_names(),
        "opening_text": wording.opening_text,
        "now": clock.now(),
    }
