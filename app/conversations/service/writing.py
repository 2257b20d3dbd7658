"""What goes with a text: the message it answers, how long it is held, whom it mentions."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.contacts.models import Contact
from app.conversations.models import Conversation, Message
from app.conversations.threads import preview
from app.errors import GuicheError
from app.extensions import db

WITHDRAWN = {"duplicate", "undone"}  # kinds of rows that no screen shows


@dataclass(frozen=True, slots=True)
class Extras:
    """What a person's page sends along with a text.

    `quoted_id` is the message it answers; `hold_seconds` the time in which it can be taken back;
    `quick_replies` the ids of the ready texts that went into it, each counted once.
    """

    quoted_id: int | None = None
    hold_seconds: float = 0
    quick_replies: tuple[int, ...] = ()
    mentions: tuple[int, ...] = ()  # the people whom a note calls by "@name"


NOTHING = Extras()


def payload_of(conversation: Conversation, extras: Extras, leaves: bool) -> dict[str, Any] | None:
    """What the message keeps of it; `leaves` says that the customer will get it.

    Raises GuicheError when the quoted message is not of this conversation, or not at the provider.
    """
    payload: dict[str, Any] = {}
    if extras.quoted_id is not None:
        quoted = db.session.get(Message, extras.quoted_id)
        if quoted is None or not _may_quote(conversation, quoted):
            raise GuicheError(_("A mensagem citada não está nesta conversa."), status=422)
        payload["quote"] = quote_of(conversation, quoted)
        if leaves and not quoted.provider_id:
            text = _("A mensagem citada ainda não saiu. Espere um instante ou tire a citação.")
            raise GuicheError(text, status=422)
        if leaves:
            payload["reply_to"] = quoted.provider_id
    if extras.quick_replies:
        payload["quick_replies"] = sorted(set(extras.quick_replies))
    return payload or None


def _may_quote(conversation: Conversation, quoted: Message) -> bool:
    return (
        quoted.conversation_id == conversation.id
        and quoted.direction != "event"
        and quoted.kind not in WITHDRAWN
    )


def quote_of(conversation: Conversation, quoted: Message) -> dict[str, Any]:
    """What a screen shows of a quoted message: whose it is and its first words, as they were."""
    return quote_by(conversation.contact, quoted)


def quote_by(contact: Contact, quoted: Message) -> dict[str, Any]:
    """The same, when it is the contact who answers it."""
    author = contact if quoted.author_kind == "customer" else quoted.author
    name = author.name if author else ""
    return {"id": quoted.id, "by": quoted.author_kind, "name": name, "text": preview(quoted)}
