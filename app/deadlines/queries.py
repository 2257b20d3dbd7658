"""The times of one conversation, told apart by whose it was."""

from sqlalchemy import select

from app import clock
from app.conversations.models import Conversation, Message
from app.deadlines.times import Entry, Times, times_of
from app.extensions import db

MOST_ENTRIES = 1000


def times(talk: Conversation) -> Times:
    """Since it was opened or last reopened, until now or its end."""
    opened = talk.opened_at or talk.created_at
    rows = db.session.execute(
        select(Message.created_at, Message.kind, Message.payload)
        .where(
            Message.conversation_id == talk.id,
            Message.direction == "event",
            Message.created_at >= opened,
        )
        .order_by(Message.id)
        .limit(MOST_ENTRIES)
    )
    entries = [Entry(at, kind, payload or {}) for at, kind, payload in rows]
    return times_of(opened, entries, talk.closed_at or clock.now())
