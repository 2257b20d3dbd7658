"""How rows, messages and timeline entries are put in words, whoever looks at them."""

import math
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from app import clock
from app.conversations import marking
from app.conversations.models import Conversation, Message
from app.conversations.rules import SYSTEM_MAY
from app.words import said


def row_tabs(conversation: Conversation) -> str:
    """The tabs a row belongs to; a list shows it only if its own is among them.

    The list on a contact's page is one of them.
    """
    theirs = f"contact-{conversation.contact_id}"
    if conversation.status == "closed":
        return f"closed {theirs}"
    if conversation.snoozed_at is not None:
        return f"snoozed {theirs}"
    names = {"user": f"mine-{conversation.owner_id}", "nobody": "unassigned"}
    return f"all {names.get(conversation.owner_kind, conversation.owner_kind)} {theirs}"


def author_key(message: Message) -> str:
    """Who wrote it, so that neighbours of one author are grouped."""
    return f"{message.direction}-{message.author_kind}-{message.author_id or 0}"


def kind_label(kind: str) -> str:
    """What a message is when it is not text."""
    labels = {
        "image": _("Foto"),
        "audio": _("Áudio"),
        "video": _("Vídeo"),
        "document": _("Documento"),
        "location": _("Localização"),
        "contact": _("Contato"),
        "sticker": _("Figurinha"),
        "reaction": _("Reação"),
        "buttons": _("Resposta de botão"),
        "list": _("Resposta de lista"),
        "poll": _("Enquete"),
        "vote": _("Voto em enquete"),
        "placeholder": _("Aguardando o WhatsApp"),
    }
    return labels.get(kind, _("Mensagem de tipo não suportado"))


def quote_name(quote: dict[str, Any]) -> str:
    """Who wrote what a message answers."""
    names = {"customer": _("Cliente"), "bot": _("Robô"), "phone": _("Pelo celular")}
    return quote.get("name") or names.get(quote["by"], _("Nós"))


def mention_chips(text: Markup, message: Message) -> Markup:
    """The text of a note, with the people it calls marked; longer names first."""
    people = (message.payload or {}).get("mentions", ())
    chip = Markup('<span class="mention" data-mentions="user-{}">@{}</span>')
    for person in sorted(people, key=lambda each: -len(each["name"])):
        name = Markup("@{}").format(person["name"])
        text = chip.format(person["id"], person["name"]).join(text.split(name))
    return text


def undo_seconds(message: Message) -> int:
    """How long its author can still take it back; 0 when no more."""
    if message.held_until is None or message.status != "queued":
        return 0
    return max(0, math.ceil((message.held_until - clock.now()).total_seconds()))


def status_label(status: str) -> str:
    """The ticks in words."""
    labels = {
        "queued": _("Na fila"),
        "sending": _("Enviando"),
        "sent": _("Enviada"),
        "delivered": _("Entregue"),
        "read": _("Lida"),
        "failed": _("Falhou"),
        "uncertain": _("Não sabemos se saiu"),
        "cancelled": _("Não enviada"),
    }
    return labels.get(status, status)


def event_text(message: Message) -> str:
    """One line of the timeline."""
    payload = message.payload or {}
    name = message.author.name if message.author else _("O sistema")
    if message.kind in marking.EVENTS:
        return marking.EVENTS[message.kind](name, payload)
    to = payload.get("to")
    texts = {
        "took_over": _("%(name)s assumiu a conversa", name=name),
        "transferred": _("%(name)s transferiu para %(to)s", name=name, to=to)
        if to
        else _("%(name)s passou para a equipe %(team)s", name=name, team=payload.get("team"))
        if payload.get("team")
        else _("%(name)s devolveu à fila", name=name),
        "returned_to_bot": _("%(name)s devolveu ao robô", name=name),
        "handed_over": _(
            "O robô chamou uma pessoa: %(reason)s", reason=said(payload.get("reason", ""))
        ),
        "closed": _(
            "%(name)s encerrou a conversa · %(reason)s", name=name, reason=payload["reason"]
        )
        if payload.get("reason")
        else _("%(name)s encerrou a conversa", name=name),
        "closed_by_silence": _(
            "Encerrada pelo sistema: o cliente não respondeu em %(hours)s h",
            hours=payload.get("hours"),
        ),
        "reopened": _("%(name)s reabriu a conversa", name=name) + _whose(payload),
        "released": _(
            "%(who)s saiu da equipe; a conversa voltou à fila", who=payload.get("previous")
        ),
        "reopened_by_customer": _("O cliente voltou a escrever e a conversa foi reaberta")
        + _whose(payload),
        "joined": _(
            "Encerrada: juntada à conversa %(number)s, da mesma pessoa", number=payload.get("to")
        ),
        "took_in": _(
            "A conversa %(number)s, da mesma pessoa, foi juntada a esta", number=payload.get("to")
        ),
        "parted": _("A junção dos contatos foi desfeita; a conversa foi reaberta"),
        "opted_out": _("O cliente pediu para não receber mensagens nossas"),
        "opted_in": _("O cliente voltou a aceitar mensagens nossas"),
        "edited_message": _("%(name)s editou uma mensagem enviada", name=name),
        "deleted_message": _("%(name)s apagou uma mensagem para todos", name=name),
        "answered_on_phone": _("Alguém respondeu pelo celular da empresa; o robô parou"),
    }
    return texts.get(message.kind, message.kind)


def _closed(name: str, payload: dict[str, Any]) -> str:
    reason = payload.get("reason")
    if not reason:
        return _("%(name)s encerrou a conversa", name=name)
    return _("%(name)s encerrou a conversa · %(reason)s", name=name, reason=reason)


def rule_name(rule: str) -> str:
    """Why the system wrote a message."""
    return said(SYSTEM_MAY.get(rule, rule))


def _whose(payload: dict[str, Any]) -> str:
    """Who has a conversation that was opened again, and why not whoever had it."""
    if payload.get("to"):
        return " " + _("com %(name)s, que a atendia", name=payload["to"])
    last = payload.get("last")
    if payload.get("why") == "offline":
        return " " + _("na fila: %(name)s, que a atendia, não está online", name=last)
    if payload.get("why") == "left":
        return " " + _("na fila: %(name)s, que a atendia, não atende mais", name=last)
    return ""
