"""Files of messages: who may see them, and that their bubbles change with them."""

from sqlalchemy import ColumnElement, select

from app.accounts.models import User
from app.conversations import outbox, queries
from app.conversations.models import Conversation, Message
from app.conversations.threads import locked, touch_message
from app.extensions import current_settings, db
from app.media import hooks
from app.media.models import Attachment


def follow() -> None:
    """Say who may see the files of messages, and hear when one of them changed."""
    if _visible not in hooks.visible:
        hooks.visible.append(_visible)
        hooks.before_change.append(_lock)
        hooks.after_change.append(_show)


def _visible(viewer: User) -> ColumnElement[bool]:
    """A message's files are seen by whoever sees its conversation."""
    its_message = (
        select(Message.id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Message.id == Attachment.message_id)
        .correlate(Attachment)
    )
    if not current_settings().show_revoked_messages:
        its_message = its_message.where(Message.payload["revoked_at"].is_(None))
    return queries.visible_to(viewer, its_message).exists()


def _lock(attachment: Attachment) -> None:
    if attachment.message_id is not None:
        message = db.session.get_one(Message, attachment.message_id)
        locked(message.conversation_id)
        db.session.refresh(message)


def _show(attachment: Attachment) -> None:
    """The bubble, and the row's preview: how long a recording is may be known only now."""
    if attachment.message_id is None:
        return
    message = db.session.get_one(Message, attachment.message_id)
    if attachment.kind == "audio" and attachment.seconds:
        message.payload = (message.payload or {}) | {"seconds": attachment.seconds}
    conversation = locked(message.conversation_id)  # with its people, whom the row shows
    db.session.expire(message, ["attachments"])
    touch_message(conversation, message)
    if message.status == "queued" and attachment.state in {"ready", "failed"}:
        outbox.file_settled(message)
