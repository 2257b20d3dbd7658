"""Parts of a thread that are not its end: around one message, and onwards from there."""

from typing import Any

from sqlalchemy import ColumnElement, select, tuple_, union_all

from app.conversations.models import Message
from app.conversations.queries import MESSAGES, WITH_ALL, Thread, place_of
from app.extensions import db

HALF = MESSAGES // 2

_place = tuple_(Message.sorted_at, Message.id)
_ascending = (Message.sorted_at, Message.id)
_descending = (Message.sorted_at.desc(), Message.id.desc())


def around(conversation_id: int, message_id: int) -> Thread | None:
    """A message with those before and after it; None when the conversation has no such message."""
    mine = Message.conversation_id == conversation_id
    wanted = (mine, Message.id == message_id)
    target: ColumnElement[Any] = tuple_(
        select(Message.sorted_at).where(*wanted).scalar_subquery(),
        select(Message.id).where(*wanted).scalar_subquery(),
    )
    ids = select(Message.id).where(mine)
    before = ids.where(_place <= target).order_by(*_descending).limit(HALF + 2)
    after = ids.where(_place > target).order_by(*_ascending).limit(HALF + 1)
    both = union_all(select(before.subquery().c.id), select(after.subquery().c.id))
    query = select(Message).where(Message.id.in_(both)).options(*WITH_ALL).order_by(*_ascending)
    messages = list(db.session.scalars(query).unique())
    place = next((n for n, message in enumerate(messages) if message.id == message_id), None)
    if place is None:
        return None
    more, newer = place > HALF, len(messages) - place - 1 > HALF
    shown = messages[1 if more else 0 : -1 if newer else None]
    return Thread(shown, more, newer, message_id)


def after(conversation_id: int, key: str) -> Thread:
    """The messages that follow the key of one (see `queries.message_key`)."""
    query = (
        select(Message)
        .where(Message.conversation_id == conversation_id, _place > tuple_(*place_of(key)))
        .options(*WITH_ALL)
        .order_by(*_ascending)
        .limit(MESSAGES + 1)
    )
    messages = list(db.session.scalars(query).unique())
    return Thread(messages[:MESSAGES], True, len(messages) > MESSAGES)
