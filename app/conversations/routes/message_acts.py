"""What the conversation's owner does to a message: reacts to it, edits it, deletes it."""

from flask import render_template, request

from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.conversations import queries
from app.conversations.message_acts import service
from app.conversations.models import Message
from app.conversations.routes.blueprint import blueprint
from app.conversations.routes.desk import seen_version
from app.conversations.routes.writing import undo_seconds


@blueprint.put("/<int:conversation_id>/mensagens/<int:message_id>/reacao")
@requires(Permission.CONVERSATIONS_WORK)
def react(conversation_id: int, message_id: int) -> str:
    """Our reaction under a customer's message (`emoji`), in place of the one before."""
    return _react(conversation_id, message_id, request.form.get("emoji", ""))


@blueprint.delete("/<int:conversation_id>/mensagens/<int:message_id>/reacao")
@requires(Permission.CONVERSATIONS_WORK)
def remove_reaction(conversation_id: int, message_id: int) -> str:
    """Take our reaction away."""
    return _react(conversation_id, message_id, "")


@blueprint.put("/<int:conversation_id>/mensagens/<int:message_id>/texto")
@requires(Permission.CONVERSATIONS_WORK)
def edit(conversation_id: int, message_id: int) -> str:
    """Another text (`texto`) for what one sent oneself."""
    queries.find(acting_user(), conversation_id)
    text = request.form.get("texto", "")
    changed = service.edit(conversation_id, message_id, acting_user(), seen_version(), text)
    return _shown(conversation_id, changed)


@blueprint.delete("/<int:conversation_id>/mensagens/<int:message_id>")
@requires(Permission.CONVERSATIONS_WORK)
def delete(conversation_id: int, message_id: int) -> str:
    """Delete for everyone what the company sent."""
    queries.find(acting_user(), conversation_id)
    hold, seen = undo_seconds(), seen_version()
    changed = service.delete(conversation_id, message_id, acting_user(), seen, hold)
    return _shown(conversation_id, changed)


@blueprint.post("/<int:conversation_id>/atos/<int:act_id>/reenvio")
@requires(Permission.CONVERSATIONS_WORK)
def try_act_again(conversation_id: int, act_id: int) -> str:
    """Try again a reaction, edit or deletion that did not get through."""
    queries.find(acting_user(), conversation_id)
    changed = service.again(conversation_id, act_id, acting_user(), seen_version())
    return _shown(conversation_id, changed)


@blueprint.delete("/<int:conversation_id>/atos/<int:act_id>")
@requires(Permission.CONVERSATIONS_WORK)
def give_act_up(conversation_id: int, act_id: int) -> str:
    """Leave the message as the customer has it."""
    queries.find(acting_user(), conversation_id)
    changed = service.give_up(conversation_id, act_id, acting_user(), seen_version())
    return _shown(conversation_id, changed)


def _react(conversation_id: int, message_id: int, emoji: str) -> str:
    queries.find(acting_user(), conversation_id)
    changed = service.react(conversation_id, message_id, acting_user(), seen_version(), emoji)
    return _shown(conversation_id, changed)


def _shown(conversation_id: int, changed: Message) -> str:
    found = queries.find(acting_user(), conversation_id)
    return render_template(
        "conversations/live/message_changed.html", conversation=found, message=changed
    )
