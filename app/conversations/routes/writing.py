"""What a page sends along with a text, and taking back what was just sent."""

from flask import Response, jsonify, render_template, request
from flask_babel import gettext as _

from app.accounts import presence
from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.conversations import queries, service
from app.conversations.holding import undo_seconds_of
from app.conversations.routes import uploads
from app.conversations.routes.blueprint import blueprint
from app.conversations.service import Extras


def extras(holds: bool = False) -> Extras:
    """What the form says beside the text; `holds`: it can be taken back for a moment."""
    return Extras(
        quoted_id=quoted_id(),
        hold_seconds=undo_seconds() if holds else 0,
        quick_replies=tuple(_numbers("respostas")),
        mentions=tuple(_numbers("mencoes", 10)),
    )


def quoted_id() -> int | None:
    """The message that the text answers (`citada`)."""
    return next(iter(_numbers("citada")), None)


def undo_seconds() -> int:
    """How long this person's messages can be taken back."""
    return undo_seconds_of(acting_user())


def _numbers(field: str, digits: int = 19) -> list[int]:
    parts = request.form.get(field, "").split(",")[:20]
    return [int(part) for part in parts if part.isdecimal() and len(part) < digits]


@blueprint.delete("/<int:conversation_id>/mensagens/<int:message_id>/envio")
@requires(Permission.CONVERSATIONS_WORK)
def take_back(conversation_id: int, message_id: int) -> Response:
    """Take back one's own message before it leaves: what it said, and its row gone."""
    found = queries.find(acting_user(), conversation_id)
    message, text, files = service.take_back(found.id, message_id, acting_user())
    row = render_template(
        "conversations/live/message_changed.html", conversation=found, message=message
    )
    quote = (message.payload or {}).get("quote")
    if queries.draft_of(acting_user(), found.id) is None:  # should the page be gone by now
        quoted = quote["id"] if quote else None
        service.save_draft(found.id, acting_user(), text, False, quoted)
    return jsonify(text=text, quote=quote, html=row, files=[uploads.described(f) for f in files])


@blueprint.get("/<int:conversation_id>/mencionaveis")
@requires(Permission.CONVERSATIONS_WORK)
def mentionable(conversation_id: int) -> Response:
    """Whom a note here can call: the colleagues who see the conversation."""
    found = queries.find(acting_user(), conversation_id)
    people = service.mentionable(found, acting_user())
    there = presence.state_of(person.id for person in people)
    words = {"online": _("online"), "away": _("ausente")}
    return jsonify(
        [
            {"id": each.id, "name": each.name, "state": words.get(there.get(each.id, ""), "")}
            for each in people
        ]
    )
