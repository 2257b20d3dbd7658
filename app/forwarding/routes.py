"""Encaminhar para consultor: the bar on a conversation, its form, and undoing the last hand-out."""

from flask import Blueprint, Flask, Response, render_template, request

from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.consultants import queries as roster
from app.consultants import wording
from app.conversations import marking
from app.conversations import queries as conversations
from app.conversations.models import Conversation
from app.conversations.routes.desk import seen_version
from app.conversations.service import hooks
from app.extensions import db
from app.forwarding import queries, service, sockets, timeline, words

blueprint = Blueprint("forwarding", __name__)

# Importing the sockets and the words of the settings is what registers them.
__all__ = ["blueprint", "init_app", "sockets", "words"]

OF_CONVERSATION = "/conversas/<int:conversation_id>/consultor"


def init_app(app: Flask) -> None:
    """Add the pages, the words of the timeline, and follow what becomes of conversations."""
    app.register_blueprint(blueprint)
    marking.EVENTS.update(timeline.EVENTS)
    if service.follow_owner not in hooks.on_owner_changed:
        hooks.on_owner_changed.append(service.follow_owner)
        hooks.on_closed.append(service.follow_closing)
        hooks.still_to_come.append(queries.is_in_line)


@blueprint.get(OF_CONVERSATION)
@requires(Permission.CONVERSATIONS_VIEW)
def bar(conversation_id: int) -> str:
    """Who has it and why, or where it waits."""
    return _bar(conversations.find(acting_user(), conversation_id))


@blueprint.get(OF_CONVERSATION + "/formulario")
@requires(Permission.TURN_HAND_OUT)
def form(conversation_id: int) -> str:
    """The languages that can be asked for, and who would have it."""
    found = conversations.find(acting_user(), conversation_id)
    return render_template("forwarding/_form.html", conversation=found, spoken=roster.spoken())


@blueprint.post(OF_CONVERSATION)
@requires(Permission.TURN_HAND_OUT)
def forward(conversation_id: int) -> str:
    """To whose turn it is in a language (`idioma`), or into the line."""
    found = conversations.find(acting_user(), conversation_id)
    language = request.form.get("idioma", "").strip()
    service.forward(conversation_id, acting_user(), seen_version(), language)
    return _bar(found)


@blueprint.post(OF_CONVERSATION + "/saida")
@requires(Permission.TURN_HAND_OUT)
def take_out(conversation_id: int) -> str:
    """Out of the line."""
    found = conversations.find(acting_user(), conversation_id)
    service.take_out(conversation_id, acting_user(), seen_version())
    return _bar(found)


@blueprint.post("/fila/entregas/<int:hand_out_id>/desfazer")
@requires(Permission.CONSULTANTS_MANAGE)
def undo(hand_out_id: int) -> Response:
    """Undo the last hand-out, for a `motivo`; the screens follow by what they are told."""
    service.undo(hand_out_id, acting_user(), request.form.get("motivo", ""))
    return Response(status=204)


def _bar(found: Conversation) -> str:
    waiting = queries.waiting_of(found.id)
    held = roster.open_of(found.id)
    version = db.session.scalar(queries.version_of(found.id))
    context = {
        "conversation": found,
        "version": version,
        "waiting": waiting,
        "position": queries.position(waiting) if waiting else 0,
        "skipped": wording.skipped(waiting.considered) if waiting else [],
        "held": held,
        "why": wording.why(held) if held else None,
    }
    return render_template("forwarding/_bar.html", **context)
