"""Simulations, offers and what happened to them in words."""

from app.words import N_, said

STATES = {
    "draft": N_("Rascunho"),
    "awaiting_approval": N_("Esperando aprovação"),
    "approved": N_("Aprovada"),
    "refused": N_("Recusada"),
    "sent": N_("Enviada"),
    "accepted": N_("Aceita"),
    "expired": N_("Vencida"),
    "superseded": N_("Substituída"),
}
COLOURS = {
    "draft": "secondary",
    "awaiting_approval": "yellow",
    "approved": "green",
    "refused": "red",
    "sent": "blue",
    "accepted": "green",
    "expired": "secondary",
    "superseded": "secondary",
}
EVENTS = {
    "created": N_("Fez a oferta"),
    "approved": N_("Aprovou"),
    "refused": N_("Recusou"),
    "superseded": N_("Substituiu por uma nova oferta"),
    "sent": N_("Enviou ao cliente"),
    "accepted": N_("Registrou o aceite"),
    "expired": N_("Venceu sem resposta"),
}


def state_name(state: str) -> str:
    """Where an offer stands, in words."""
    return said(STATES[state])


def event_name(kind: str) -> str:
    """What was done to an offer, in words."""
    return said(EVENTS.get(kind, kind))
