"""What staff put on a conversation to find and order it: labels and a priority.

Anybody who works may: it is order in the house, not a word to the customer. Each verb answers what
undoes it, or None when nothing changed.
"""

from collections.abc import Collection
from functools import partial
from typing import Any

from flask_babel import gettext as _

from app.accounts.models import User
from app.conversations import live
from app.conversations.models import PRIORITIES, Conversation
from app.conversations.threads import locked, note_event
from app.errors import Conflict, GuicheError
from app.labels import queries as labels
from app.transactions import atomic, on_commit

MOST_LABELS = 20


def relabel(
    conversation_id: int, by: User, add: Collection[int], remove: Collection[int]
) -> dict[str, Any] | None:
    """Put labels on and take labels off. An archived label can only be taken off."""
    with atomic():
        conversation = locked(conversation_id)
        has = set(conversation.label_ids)
        known = labels.by_ids({*add, *remove})
        added = [one for one in known if one.id in add and one.id not in has and not one.archived]
        removed = [one for one in known if one.id in remove and one.id in has]
        if not added and not removed:
            return None
        now = (has | {one.id for one in added}) - {one.id for one in removed}
        if len(now) > MOST_LABELS:
            raise GuicheError(_("Uma conversa leva até 20 etiquetas."), status=422)
        conversation.label_ids = sorted(now)
        note_event(
            conversation,
            "labelled",
            by,
            added=[one.name for one in added],
            removed=[one.name for one in removed],
        )
        _announce(conversation)
        return {"added": [one.id for one in added], "removed": [one.id for one in removed]}


def undo_relabel(conversation_id: int, by: User, done: dict[str, Any]) -> None:
    """Take off what was put on and the other way round; what others changed since stays."""
    relabel(conversation_id, by, done["removed"], done["added"])


def prioritise(conversation_id: int, by: User, priority: int) -> dict[str, Any] | None:
    """Set the priority: 0 none, 1 low, 2 normal, 3 high, 4 urgent."""
    if not 0 <= priority < len(PRIORITIES):
        raise GuicheError(_("Escolha uma das prioridades."), status=422)
    with atomic():
        conversation = locked(conversation_id)
        before = conversation.priority
        if before == priority:
            return None
        conversation.priority = priority
        note_event(conversation, "prioritised", by, to=PRIORITIES[priority])
        _announce(conversation)
        return {"before": before, "set": priority}


def undo_prioritise(conversation_id: int, by: User, done: dict[str, Any]) -> None:
    """The priority of before, unless somebody set another one since."""
    with atomic():
        if locked(conversation_id).priority != done["set"]:
            raise Conflict(_("Alguém mudou a prioridade depois."))
        prioritise(conversation_id, by, done["before"])


def _announce(conversation: Conversation) -> None:
    on_commit(partial(live.marks_changed, conversation), once=("marks", conversation.id))
