"""Protocols in words: states, priorities and what happened."""

from typing import Any

from flask_babel import gettext as _

from app.protocols.models import ProtocolEvent
from app.words import N_, said

STATUSES = {
    "open": N_("Aberto"),
    "in_progress": N_("Em andamento"),
    "waiting": N_("Aguardando"),
    "closed": N_("Fechado"),
    "cancelled": N_("Cancelado"),
}
PRIORITIES = {
    "low": N_("Baixa"),
    "normal": N_("Normal"),
    "high": N_("Alta"),
    "urgent": N_("Urgente"),
}
COLOURS = {
    "open": "blue",
    "in_progress": "yellow",
    "waiting": "secondary",
    "closed": "green",
    "cancelled": "secondary",
}
ORIGINS = {
    "turn": N_("Aberto pela vez"),
    "api": N_("Aberto pela API"),
    "desk": N_("Aberto pela equipe"),
}


def status_name(status: str) -> str:
    """The state, in words."""
    return said(STATUSES[status])


def priority_name(priority: str) -> str:
    """The priority, in words."""
    return said(PRIORITIES[priority])


def event_text(event: ProtocolEvent, consultants: dict[int, str]) -> str:
    """One line of the timeline."""
    data = event.data
    if event.kind == "created":
        return _created(data, consultants)
    if event.kind == "status":
        return _("Situação: %(status)s", status=status_name(data["to"]))
    if event.kind == "priority":
        return _("Prioridade: %(priority)s", priority=priority_name(data["to"]))
    if event.kind == "consultant":
        return _consultant(data, consultants)
    return said(_OTHERS[event.kind])


# With their text, if any, below.
_OTHERS = {
    "description": N_("Descrição alterada"),
    "note": N_("Anotação"),
    "told": N_("Número enviado ao cliente"),
    "cancelled": N_("Cancelado: a entrega foi desfeita"),
    "linked": N_("Ligado a uma conversa"),
    "merged": N_("Passou para o contato que ficou da junção"),
    "separated": N_("Voltou para o contato de antes da junção"),
    "exported": N_("Enviado ao Pipedrive"),
    "export_failed": N_("Não foi ao Pipedrive"),
}


def _created(data: dict[str, Any], consultants: dict[int, str]) -> str:
    origin = said(ORIGINS.get(data.get("origin", ""), ORIGINS["desk"]))
    name = consultants.get(data.get("consultant_id") or 0)
    return _("%(origin)s para %(name)s", origin=origin, name=name) if name else origin


def _consultant(data: dict[str, Any], consultants: dict[int, str]) -> str:
    name = consultants.get(data.get("to") or 0)
    return _("Passou para %(name)s", name=name) if name else _("Ficou sem consultor")


def event_detail(event: ProtocolEvent) -> str:
    """What was written with it: a note, the description as it became, a reason."""
    return str(event.data.get("text") or event.data.get("reason") or "")


CRM_STATES = {
    "queued": N_("Na fila"),
    "sending": N_("Enviando"),
    "done": N_("Enviado"),
    "failed": N_("Não enviado"),
}


def crm_state(state: str) -> str:
    """Where an entry stands on its way to the CRM, in words."""
    return said(CRM_STATES[state])
