"""How labels, priorities and snoozes are put in words and icons."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app import clock
from app.conversations.models import PRIORITIES, Conversation
from app.labels import queries as labels

PRIORITY_ICONS = ("flag", "chevron-down", "equal", "chevron-up", "chevrons-up")


def labels_of(conversation: Conversation) -> list[labels.Known]:
    """What it carries, by name."""
    ids = conversation.label_ids
    return [label for label in labels.known() if label.id in ids] if ids else []


def priority_label(priority: int) -> str:
    """The priority in a word; nothing for none."""
    return ["", _("baixa"), _("normal"), _("alta"), _("urgente")][priority]


def snooze_label(until: datetime | None) -> str:
    """Until when a conversation is put off: "até 28/11 09:00"."""
    if until is None:
        return _("até o cliente responder")
    return _("até %(moment)s", moment=until.astimezone(clock.COMPANY_ZONE).strftime("%d/%m %H:%M"))


def act_done(act: str, count: int) -> str:
    """What became of several conversations at once."""
    if count == 0:
        return _("Nada mudou.")
    if count == 1:
        one = {
            "assign": _("Conversa atribuída."),
            "label": _("Etiquetas alteradas."),
            "priority": _("Prioridade alterada."),
            "snooze": _("Conversa adiada."),
            "close": _("Conversa encerrada."),
        }
        return one[act]
    many = {
        "assign": _("%(n)s conversas atribuídas.", n=count),
        "label": _("Etiquetas alteradas em %(n)s conversas.", n=count),
        "priority": _("Prioridade alterada em %(n)s conversas.", n=count),
        "snooze": _("%(n)s conversas adiadas.", n=count),
        "close": _("%(n)s conversas encerradas.", n=count),
    }
    return many[act]


def _prioritised(name: str, payload: dict[str, Any]) -> str:
    to = payload.get("to")
    if to not in PRIORITIES or to == "none":
        return _("%(name)s tirou a prioridade", name=name)
    return _(
        "%(name)s mudou a prioridade para %(to)s",
        name=name,
        to=priority_label(PRIORITIES.index(to)),
    )


def _labelled(name: str, payload: dict[str, Any]) -> str:
    added, removed = ", ".join(payload.get("added", [])), ", ".join(payload.get("removed", []))
    if added and removed:
        return _("%(name)s pôs %(added)s e tirou %(removed)s", name=name, added=added,
                 removed=removed)  # fmt: skip
    if added:
        return _("%(name)s pôs a etiqueta %(added)s", name=name, added=added)
    return _("%(name)s tirou a etiqueta %(removed)s", name=name, removed=removed)


def _snoozed(name: str, payload: dict[str, Any]) -> str:
    until = payload.get("until")
    if not until:
        return _("%(name)s adiou até o cliente responder", name=name)
    moment = datetime.fromisoformat(until).astimezone(clock.COMPANY_ZONE)
    return _("%(name)s adiou até %(moment)s", name=name, moment=moment.strftime("%d/%m/%Y %H:%M"))


# The entries of the timeline by their kind; features above add theirs.
EVENTS: dict[str, Callable[[str, dict[str, Any]], str]] = {
    "labelled": _labelled,
    "prioritised": _prioritised,
    "snoozed": _snoozed,
    "woken": lambda name, _payload: _("%(name)s trouxe a conversa de volta", name=name),
    "woken_by_time": lambda *_args: _("Voltou para a lista: chegou a hora marcada"),
    "assignment_undone": lambda name, _payload: _("%(name)s desfez a atribuição", name=name),
    "closing_undone": lambda name, _payload: _("%(name)s desfez o encerramento", name=name),
    "woken_by_customer": lambda *_args: _("Voltou para a lista: o cliente respondeu"),
}
