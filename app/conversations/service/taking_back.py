"""Taking back what one has just sent, while no worker has begun to send it."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models import User
from app.conversations.models import Conversation, Message, OutboxEntry
from app.conversations.service import answers
from app.conversations.service.hooks import on_taken_back
from app.conversations.service.writing import WITHDRAWN
from app.conversations.threads import announce, locked, summarise, touch_message
from app.errors import Conflict, NotFound
from app.extensions import db
from app.media import service as media
from app.media.models import Attachment
from app.transactions import atomic


def take_back(
    conversation_id: int, message_id: int, by: User
) -> tuple[Message, str, list[Attachment]]:
    """Withdraw one's own message from the thread and the outbox; it, its text and its files.

    The sender locks the same rows, so of the two one wins: raises Conflict when it is too late.
    """
    with atomic():
        conversation = locked(conversation_id)
        message = db.session.get(Message, message_id, populate_existing=True)
        if message is None or message.conversation_id != conversation.id:
            raise NotFound
        if message.author_kind != "user" or message.author_id != by.id:
            raise NotFound
        entry = db.session.scalars(
            select(OutboxEntry).where(OutboxEntry.message_id == message_id).with_for_update()
        ).one_or_none()
        if entry is None or entry.state != "queued" or entry.attempts or not message.held_until:
            raise Conflict(_("Tarde demais: a mensagem já saiu."))
        text, files = withdraw(conversation, message, entry)
    return message, text, files


def withdraw(
    conversation: Conversation, message: Message, entry: OutboxEntry
) -> tuple[str, list[Attachment]]:
    """Take what no worker has begun to send out of a locked conversation; its text and files."""
    for hook in on_taken_back:
        hook(conversation, message)
    entry.state, message.status = "cancelled", "cancelled"
    files = media.unhang(message.id)
    text, message.body, message.kind = message.body, "", "undone"
    db.session.expire(message, ["attachments"])
    touch_message(conversation, message)
    _wait_again(conversation, entry.waiting_before)
    answers.forget(conversation, message)
    _show_newest(conversation, message)
    return text, files


def _wait_again(conversation: Conversation, before: datetime | None) -> None:
    """The customer waits as if nothing had been written."""
    if conversation.status == "closed":
        return
    since = [moment for moment in (before, conversation.waiting_since) if moment is not None]
    conversation.waiting_since = min(since, default=None)


def _show_newest(conversation: Conversation, withdrawn: Message) -> None:
    """The list shows what was said before."""
    if conversation.last_message_id != withdrawn.id:
        return
    newest = db.session.scalars(
        select(Message)
        .where(
            Message.conversation_id == conversation.id,
            Message.direction.in_(("in", "out")),
            Message.kind.not_in(WITHDRAWN),
        )
        .order_by(Message.id.desc())
        .limit(1)
    ).first()
    if newest is not None:
        summarise(conversation, newest)
    announce(conversation)
