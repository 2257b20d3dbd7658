"""Protocolos: the list, one of them with its timeline, its paper, and the exports."""

from flask import Flask

from app.accounts import audit_words
from app.api.limits import limit
from app.protocols import api, following_contacts, hooks, numbers, sockets, wording
from app.protocols.crm import service as crm_service
from app.protocols.routes import crm, exports, lists, sheet
from app.protocols.routes.blueprint import blueprint
from app.words import N_

# Importing the pages and the sockets is what registers them.
__all__ = ["crm", "exports", "init_app", "lists", "sheet", "sockets"]

_AUDITED = {
    "protocol.changed": N_("Mudou o protocolo"),
    "crm.retried": N_("Enviou de novo ao Pipedrive"),
    "protocol.printed": N_("Imprimiu o protocolo"),
    "protocols.exported": N_("Exportou os protocolos"),
}
_FIELDS = {
    "status": N_("situação"),
    "priority": N_("prioridade"),
    "description": N_("descrição"),
}


def init_app(app: Flask) -> None:
    """Add the pages, and how templates write numbers and what happened."""
    audit_words.ACTIONS.update(_AUDITED)
    audit_words.ENTITIES.update(
        {"protocol": N_("protocolo"), "protocol_export": N_("exportação de protocolos")}
    )
    audit_words.FIELDS.update(
        {name: words for name, words in _FIELDS.items() if name not in audit_words.FIELDS}
    )
    app.register_blueprint(blueprint)
    limit(api.blueprint)
    app.register_blueprint(api.blueprint)
    following_contacts.follow()
    if crm_service.follow not in hooks.on_change:
        hooks.on_change.append(crm_service.follow)
        hooks.panes.append(crm.pane)
    app.jinja_env.filters["protocol_number"] = numbers.written
    app.jinja_env.globals.update(
        crm_is_on=crm_service.is_on,
        crm_state=wording.crm_state,
        protocol_status=wording.status_name,
        protocol_colour=wording.COLOURS.__getitem__,
        protocol_priority=wording.priority_name,
        protocol_event=wording.event_text,
        protocol_event_detail=wording.event_detail,
    )
