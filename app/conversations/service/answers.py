"""Whether a person has answered since the conversation was opened, and when they last did."""

from sqlalchemy import func, select

from app.conversations.models import Conversation, Message
from app.extensions import db

PEOPLE = ("user", "phone")  # who writes for the company and is neither a program nor the bot


def note(conversation: Conversation, message: Message) -> None:
    """Something was written to the customer of a locked conversation."""
    if message.author_kind in PEOPLE:
        conversation.answered_at = message.created_at


def forget(conversation: Conversation, withdrawn: Message) -> None:
    """A message will never leave: as if it had not been written."""
    if conversation.answered_at != withdrawn.created_at:
        return
    conversation.answered_at = db.session.scalar(
        select(func.max(Message.created_at)).where(
            Message.conversation_id == conversation.id,
            Message.direction == "out",
            Message.author_kind.in_(PEOPLE),
            Message.status != "cancelled",
            Message.id != withdrawn.id,
            Message.created_at >= (conversation.opened_at or conversation.created_at),
        )
    )
