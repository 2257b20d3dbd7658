"""The consultants' pages: who they are, who is there, and whose turn it is."""

from flask import Flask

from app.accounts import audit_words, presence
from app.accounts import service as staff
from app.api.limits import limit
from app.consultants import api, queries, service, sockets, wording
from app.consultants.routes import files, own, pages, steering
from app.consultants.routes.blueprint import blueprint
from app.protocols import hooks
from app.words import N_, initials

# Importing the pages and the sockets is what registers them.
__all__ = ["blueprint", "files", "init_app", "own", "pages", "sockets", "steering"]

_AUDITED = {
    "consultant.created": N_("Criou o consultor"),
    "consultant.edited": N_("Editou o consultor"),
    "consultant.left": N_("Desativou o consultor"),
    "consultant.returned": N_("Reativou o consultor"),
    "consultant.switched": N_("Mudou a situação do consultor"),
    "turn.passed": N_("Passou a vez"),
    "turn.put_first": N_("Pôs em primeiro na fila"),
    "turn.undone": N_("Desfez a última entrega"),
    "queue.paused": N_("Pausou a fila"),
    "queue.resumed": N_("Retomou a fila"),
}
_FIELDS = {
    "phone": N_("telefone"),
    "languages": N_("idiomas"),
    "in_sequence": N_("na sequência"),
    "online": N_("online"),
    "pipedrive_id": N_("id no Pipedrive"),
    "capacity": N_("capacidade"),
    "hours": N_("horário"),
    "user_id": N_("acesso"),
    "state": N_("situação"),
    "reason": N_("motivo"),
    "protocol": N_("protocolo"),
}
_VALUES = {"online": N_("online"), "paused": N_("em pausa"), "offline": N_("offline")}


def init_app(app: Flask) -> None:
    """Add the pages, and follow whose dashboard is open."""
    audit_words.ACTIONS.update(_AUDITED)
    audit_words.ENTITIES.update(consultant=N_("consultor"), queue=N_("fila"))
    for name, words in _FIELDS.items():
        audit_words.FIELDS.setdefault(name, words)
    audit_words.VALUES.update(_VALUES)
    app.register_blueprint(blueprint)
    for room in (api.turn_blueprint, api.blueprint):
        limit(room)
        app.register_blueprint(room)
    app.jinja_env.filters["initials"] = initials
    app.jinja_env.globals.update(
        state_label=wording.state_label,
        skip_label=wording.skip_label,
        why_this_consultant=wording.why,
        own_consultant=queries.own_of,
        consultant_name=queries.name_of,
    )
    if service.follow_presence not in presence.on_change:
        presence.on_change.append(service.follow_presence)
        staff.on_less_access.append(service.follow_staff)
        hooks.consultants.append(queries.everyones_names)
        hooks.offered_consultants.append(queries.offered_names)
        hooks.crm_owners.append(queries.crm_owner)
        hooks.panes.append(wording.pane)
