"""Finding the message that a provider speaks of."""

from sqlalchemy import select

from app.conversations.models import Message
from app.extensions import db


class TryLater(Exception):
    """What this speaks of may be written down in a moment; the receipt is tried again."""


def by_provider_id(channel_id: int, provider_id: str | None) -> Message | None:
    """The message of a channel that has this id at the provider."""
    if not provider_id:
        return None
    return db.session.scalars(
        select(Message).where(Message.channel_id == channel_id, Message.provider_id == provider_id)
    ).one_or_none()
