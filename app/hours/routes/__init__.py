"""Horários: when the company, its teams and its channels attend, and what customers are told."""

from flask import Flask

from app.accounts import audit_words
from app.accounts.permissions import Permission
from app.company.routes import Page, pages
from app.conversations.service import hooks
from app.forwarding import hooks as turn_line
from app.hours import answering, wording
from app.hours.routes import dates, places  # noqa: F401 - their addresses
from app.hours.routes.blueprint import blueprint
from app.words import N_

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
