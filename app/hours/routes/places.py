"""Whose hours hold where (company, team, channel), and what customers are told there."""

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from app import clock
from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.errors import GuicheError, NotFound
from app.extensions import db
from app.hours import forms, known, live, messages, public_days, queries, service, wording
from app.hours.known import COMPANY, Scope
from app.hours.routes.blueprint import blueprint, fault_of
from app.hours.routes.dates import own_dates
from app.hours.service import Saying, Wanted

PLACE = "/<kind>/<int(max=2147483647):number>"


@blueprint.get("")
@requires(Permission.COMPANY_MANAGE)
def hours_page() -> str:
    """Whose hours hold where, and the days that have others."""
    return render_template("hours/hours.html", **_overview(), **own_dates())


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
    fault = fault_of(lambda: service.save_hours(acting_user(), _scope(kind, number), _wanted()))
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
    fault = fault_of(lambda: service.save_texts(acting_user(), _scope(kind, number), _saying()))
    context = _context(kind, number)
    if fault:
        context["typed_texts"] = {
            key: value for key, value in request.form.items() if key.startswith("text-")
        }
    return render_template("hours/_texts.html", fault=fault, saved=not fault, **context)


def _scope(kind: str, number: int) -> Scope:
    if kind not in queries.KINDS:
        raise NotFound
    return (queries.KINDS[kind], number)


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


def _overview() -> dict[str, Any]:
    return {
        "places": queries.places(),
        "version": db.session.scalar(live.version()),
        "opening_text": wording.opening_text,
        "now": clock.now(),
    }


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
