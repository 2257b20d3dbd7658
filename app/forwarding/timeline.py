"""How the steps towards a consultant read in a conversation's timeline."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _


def _handed(name: str, payload: dict[str, Any]) -> str:
    return _(
        "%(name)s entregou a %(to)s, de quem era a vez · protocolo %(protocol)s",
        name=name, to=payload.get("to"), protocol=payload.get("protocol"),
    )  # fmt: skip


def _undone(name: str, payload: dict[str, Any]) -> str:
    return _(
        "%(name)s desfez a entrega; o protocolo %(protocol)s foi cancelado · %(why)s",
        name=name, protocol=payload.get("protocol"), why=payload.get("why"),
    )  # fmt: skip


EVENTS: dict[str, Callable[[str, dict[str, Any]], str]] = {
    "handed_to_consultant": _handed,
    "entered_line": lambda name, payload: _(
        "%(name)s encaminhou; ninguém de %(language)s estava livre e o cliente espera na fila",
        name=name, language=payload.get("language"),
    ),
    "left_line": lambda name, _payload: _("%(name)s tirou da fila dos consultores", name=name),
    "consultant_silent": lambda _name, payload: _(
        "%(who)s não respondeu em %(minutes)s min; voltou para a frente da fila",
        who=payload.get("who"), minutes=payload.get("minutes"),
    ),
    "consultant_left": lambda _name, payload: _(
        "%(who)s foi desativado; voltou para a frente da fila", who=payload.get("who")
    ),
    "hand_out_undone": _undone,
}  # fmt: skip
