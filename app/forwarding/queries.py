"""Who waits in which order, and what a conversation's own screen shows of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, exists, func, literal, select, tuple_
from sqlalchemy.orm import joinedload

from app.consultants.models import HandOut
from app.conversations.models import Conversation
from app.extensions import db
from app.forwarding.models import Waiting

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Place:
    """A wait and where it stands among those of its language; 1 is next."""

    waiting: Waiting
    position: int


def waiting_of(conversation_id: int) -> Waiting | None:
    """The wait of a conversation, if it waits."""
    return db.session.scalar(
        select(Waiting).where(
            Waiting.conversation_id == conversation_id, Waiting.state == "waiting"
        )
    )


def position(waiting: Waiting) -> int:
    """Its place among those of the same language."""
    before = tuple_(Waiting.place, Waiting.id) <= tuple_(
        literal(waiting.place), literal(waiting.id)
    )
    query = select(func.count()).where(
        Waiting.state == "waiting",
        func.lower(Waiting.language) == waiting.language.lower(),
        before,
    )
    return db.session.scalar(query) or 1


def line() -> list[Place]:
    """Everybody who waits, in order, with contact and forwarder; for the board. One query."""
    query = (
        select(Waiting, _place())
        .where(Waiting.state == "waiting")
        .options(
            joinedload(Waiting.conversation).joinedload(Conversation.contact),
            joinedload(Waiting.by),
        )
        .order_by(Waiting.place, Waiting.id)
        .limit(MOST_SHOWN)
    )
    return [Place(row[0], row[1]) for row in db.session.execute(query)]


def _place() -> Any:
    return func.row_number().over(
        partition_by=func.lower(Waiting.language), order_by=(Waiting.place, Waiting.id)
    )


def heads() -> list[tuple[int, int, str]]:
    """Id, conversation and language of everybody who waits, in order."""
    query = select(Waiting.id, Waiting.conversation_id, Waiting.language)
    rows = db.session.execute(
        query.where(Waiting.state == "waiting").order_by(Waiting.place, Waiting.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def first_place() -> int:
    """The place of whoever is first now."""
    query = select(func.min(Waiting.place)).where(Waiting.state == "waiting")
    return db.session.scalar(query) or 0


def last_place() -> int:
    """The place of whoever is last now."""
    query = select(func.max(Waiting.place)).where(Waiting.state == "waiting")
    return db.session.scalar(query) or 0


def first_of(language: str) -> Waiting | None:
    """Who of this language waits longest."""
    query = select(Waiting).where(
        Waiting.state == "waiting", func.lower(Waiting.language) == language.lower()
    )
    return db.session.scalar(query.order_by(Waiting.place, Waiting.id).limit(1))


def recent_waits(language: str, since: datetime, most: int = 20) -> list[datetime]:
    """When the last ones of this language were handed over, newest first."""
    query = select(Waiting.settled_at).where(
        Waiting.state == "handed",
        Waiting.settled_at > since,
        func.lower(Waiting.language) == language.lower(),
    )
    found: Iterable[Any] = db.session.scalars(query.order_by(Waiting.settled_at.desc()).limit(most))
    return list(found)


def is_in_line() -> ColumnElement[bool]:
    """Which conversations wait for a consultant: silence ends none of them."""
    return exists().where(Waiting.conversation_id == Conversation.id, Waiting.state == "waiting")


def version_of(conversation_id: Any) -> Select[tuple[str]]:
    """What the bar on a conversation shows, as one text; its query is part of a larger one."""
    waits = select(Waiting).where(Waiting.state == "waiting").subquery()
    one = (
        select(waits.c.version, waits.c.place, waits.c.id, waits.c.language)
        .where(waits.c.conversation_id == conversation_id)
        .subquery()
    )
    ahead = (
        select(func.count())
        .where(
            Waiting.state == "waiting",
            func.lower(Waiting.language) == func.lower(one.c.language),
            tuple_(Waiting.place, Waiting.id) < tuple_(one.c.place, one.c.id),
        )
        .scalar_subquery()
    )
    waiting = select(func.concat(one.c.id, ".", one.c.version, ".", ahead)).scalar_subquery()
    has = (
        select(cast(func.max(HandOut.id), Text))
        .where(HandOut.conversation_id == conversation_id, HandOut.released_at.is_(None))
        .scalar_subquery()
    )
    text: Any = func.concat(waiting, "/", has)
    return select(text)
