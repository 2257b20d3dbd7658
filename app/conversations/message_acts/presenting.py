"""Our acts on a message as its bubble shows them, and what its menu offers."""

from dataclasses import dataclass

from flask_babel import gettext as _

from app.accounts import audit_words
from app.conversations.message_acts import limits, settling
from app.conversations.message_acts.models import DELETION, EDIT, PENDING, REACTION
from app.conversations.models import Message
from app.words import N_, said

audit_words.ACTIONS["message.edited"] = N_("Editou uma mensagem enviada")
audit_words.ACTIONS["message.deleted"] = N_("Apagou uma mensagem para todos")
audit_words.ENTITIES["message"] = N_("mensagem")


@dataclass(frozen=True, slots=True)
class Shown:
    """An act that is not over: on its way (`is_pending`), or failed or uncertain."""

    id: int
    kind: str
    words: str
    state: str
    is_pending: bool
    body: str
    error: str


def acts_of(message: Message) -> list[Shown]:
    """What is under way with a message, or did not get through."""
    kept = (message.payload or {}).get("acts") or {}
    return [_shown(kind, kept[kind]) for kind in (REACTION, EDIT, DELETION) if kind in kept]


def _shown(kind: str, act: dict[str, str]) -> Shown:
    pending = act["state"] in PENDING
    body = str(act.get("body", ""))
    words = _under_way(kind, body) if pending else said(not_done(kind, body, act["state"]))
    number = int(act["id"])
    return Shown(number, kind, words, act["state"], pending, body, act.get("error") or "")


def _under_way(kind: str, body: str) -> str:
    if kind == DELETION:
        return _("Apagando para todos…")
    if kind == EDIT:
        return _("Editando…")
    return _("Reagindo…") if body else _("Tirando a reação…")


_UNCERTAIN = {
    REACTION: N_("Não sabemos se a reação mudou."),
    EDIT: N_("Não sabemos se a edição saiu."),
    DELETION: N_("Não sabemos se a mensagem foi apagada."),
}
_FAILED = {
    REACTION: N_("A reação não saiu."),
    EDIT: N_("A edição não saiu: o cliente vê o texto de antes."),
    DELETION: N_("A mensagem não foi apagada: o cliente ainda a vê."),
}


def not_done(kind: str, body: str, state: str) -> str:
    """What did not get through, or may not have, as a source text."""
    if state == "uncertain":
        return _UNCERTAIN[kind]
    if kind == REACTION and not body:
        return N_("A reação não foi tirada.")
    return _FAILED[kind]


def menu_of(message: Message) -> dict[str, str]:
    """What the owner's menu may offer for a message, as data attributes; none for most."""
    if limits.takes_reaction(message):
        reactions = (message.payload or {}).get("reactions") or {}
        return {"reacts": "1", "reaction": str(reactions.get(settling.OURS, ""))}
    until = {
        "editable-until": limits.editable_until(message),
        "deletable-until": limits.deletable_until(message),
    }
    return {name: moment.isoformat() for name, moment in until.items() if moment is not None}
