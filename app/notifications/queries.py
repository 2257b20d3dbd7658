"""What a person's bell shows, and the version of it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.conversations import queries as talks
from app.conversations import visibility
from app.conversations.models import Conversation
from app.errors import NotFound
from app.extensions import db
from app.notifications.kinds import TAKEN, WROTE
from app.notifications.models import Notice, Silence, Wishes

MOST = 100  # of each sort; the bell says "99+" long before
ROWS = 20
MOST_ROWS = 200
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_ABOUT = (
    joinedload(Notice.conversation).joinedload(Conversation.contact),
    joinedload(Notice.channel),
)


def unread_notices(viewer: User) -> list[Notice]:
    """The newest unread ones, with what they are about."""
    query = _unread(viewer, Notice).options(*_ABOUT)
    return list(db.session.scalars(query))


def unread_talks(viewer: User) -> list[Conversation]:
    """This person's open conversations in which the customer wrote something unread."""
    query = _wrote(viewer, Conversation).options(joinedload(Conversation.contact))
    return list(db.session.scalars(query))


def unclaimed(viewer: User) -> list[Conversation]:
    """What waits without an owner, as far as this person sees it and did not silence it."""
    query = waiting(viewer, Conversation).options(joinedload(Conversation.contact))
    return list(db.session.scalars(_newest(query)))


def silenced(viewer: User) -> list[tuple[int, int]]:
    """What still waits in silence for this person: (conversation, owner's version)."""
    query = (
        select(Silence.conversation_id, Silence.owner_version)
        .join(Conversation, Conversation.id == Silence.conversation_id)
        .where(
            Silence.user_id == viewer.id,
            Silence.owner_version == Conversation.owner_version,
            Conversation.status == "open",
        )
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def _unread(viewer: User, *columns: Any) -> Select[Any]:
    mine = and_(Notice.user_id == viewer.id, Notice.read_at.is_(None), _may_be_told(viewer))
    return select(*columns).where(mine).order_by(Notice.id.desc()).limit(MOST)


def _may_be_told(viewer: User) -> ColumnElement[bool]:
    """Of conversations out of sight only that they were taken is said."""
    sees = visibility.sees(viewer)
    if sees is None:
        return Notice.user_id == viewer.id
    seen = exists().where(Conversation.id == Notice.conversation_id, sees)
    return or_(Notice.conversation_id.is_(None), Notice.kind == TAKEN, seen)


def _wrote(viewer: User, *columns: Any) -> Select[Any]:
    return _newest(
        select(*columns).where(
            Conversation.owner_kind == "user",
            Conversation.owner_id == viewer.id,
            Conversation.status == "open",
            Conversation.snoozed_at.is_(None),
            Conversation.unread_count > 0,
        )
    )


def waiting(viewer: User, *columns: Any) -> Select[Any]:
    """All that waits without an owner and was not silenced, without an end to the list."""
    silenced = exists().where(
        Silence.user_id == viewer.id,
        Silence.conversation_id == Conversation.id,
        Silence.owner_version == Conversation.owner_version,
    )
    unowned = and_(
        Conversation.status == "open",
        Conversation.owner_kind == "nobody",
        Conversation.owner_id.is_(None),
        Conversation.snoozed_at.is_(None),
        ~silenced,
    )
    works = viewer.can(Permission.CONVERSATIONS_WORK)
    return talks.visible_to(viewer, select(*columns)).where(unowned if works else false())


def _newest(query: Select[Any]) -> Select[Any]:
    # In the order of the indexes of the inbox's tabs.
    return query.order_by(Conversation.last_message_at.desc(), Conversation.id.desc()).limit(MOST)


def version(viewer: User) -> Select[tuple[str]]:
    """The same text as `Bell.version`, read by the database as part of a larger query."""
    chosen = select(cast(Wishes.version, Text)).where(Wishes.user_id == viewer.id)
    pairs = (
        _pairs(_unread(viewer, Notice.id, Notice.version)),
        _pairs(_wrote(viewer, Conversation.id, Conversation.unread_count)),
        _pairs(_newest(waiting(viewer, Conversation.id, Conversation.owner_version))),
    )
    whole: Any = func.coalesce(chosen.scalar_subquery(), "0")
    for part in pairs:
        whole = whole + literal("|") + part
    return select(whole)


def _pairs(query: Select[Any]) -> ColumnElement[str]:
    """ "7.1,9.2" in the order of the ids; "+" for more than is told apart."""
    rows = query.subquery()
    first, second = rows.c
    pair = cast(first, Text) + "." + cast(second, Text)
    joined = func.string_agg(pair, aggregate_order_by(literal(","), first))
    text = case((func.count() < MOST, func.coalesce(joined, "")), else_="+")
    return select(text).select_from(rows).scalar_subquery()


@dataclass(frozen=True, slots=True)
class Bell:
    """What a bell counts and rings for."""

    wishes: Wishes
    notices: list[Notice]
    wrote: list[Conversation]
    unclaimed: list[Conversation]
    silenced: list[tuple[int, int]]

    @property
    def version(self) -> str:
        """What the page says that it shows."""
        parts = (
            [(notice.id, notice.version) for notice in self.notices],
            [(talk.id, talk.unread_count) for talk in self.wrote],
            [(talk.id, talk.owner_version) for talk in self.unclaimed],
        )
        return "|".join([str(self.wishes.version), *map(_written, parts)])


def _written(part: list[tuple[int, int]]) -> str:
    if len(part) >= MOST:
        return "+"
    return ",".join(f"{one}.{two}" for one, two in sorted(part))


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the panel: a notice, or a conversation of mine with unread messages."""

    at: datetime
    notice: Notice | None = None
    talk: Conversation | None = None

    @property
    def key(self) -> str:
        """Where it stands, newest first; the page after it begins there."""
        found = self.notice or self.talk
        return f"{talks.micros(self.at)}-{_PLACE[self.notice is None]}-{found.id if found else 0}"


_PLACE = {False: 0, True: 1}


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of the panel."""

    entries: list[Entry]
    more: bool


def page(viewer: User, muted: list[str], before: str = "", size: int = ROWS) -> Page:
    """What the panel lists, newest first, beginning after the key of an entry."""
    stored = select(
        Notice.updated_at.label("at"), literal(0).label("place"), Notice.id.label("id")
    ).where(Notice.user_id == viewer.id, Notice.kind.not_in(muted), _may_be_told(viewer))
    parts = [stored.order_by(Notice.updated_at.desc(), Notice.id.desc())]
    if WROTE not in muted:
        at = func.coalesce(Conversation.last_inbound_at, Conversation.last_message_at)
        parts.append(_wrote(viewer, at, literal(1), Conversation.id))
    rows = union_all(*(select(part.subquery()) for part in parts)).subquery()
    query = select(rows).order_by(rows.c.at.desc(), rows.c.place.desc(), rows.c.id.desc())
    if before:
        query = query.where(tuple_(rows.c.at, rows.c.place, rows.c.id) < tuple_(*_read(before)))
    found = db.session.execute(query.limit(size + 1)).all()
    return Page(_loaded([tuple(row) for row in found[:size]]), len(found) > size)


def _read(key: str) -> tuple[datetime, int, int]:
    try:
        at, place, number = (int(part) for part in key.split("-"))
        return EPOCH + timedelta(microseconds=at), place, number
    except (ValueError, OverflowError):
        raise NotFound from None


def _loaded(rows: list[tuple[Any, ...]]) -> list[Entry]:
    ids: dict[int, list[int]] = {0: [], 1: []}
    for _at, place, number in rows:
        ids[place].append(number)
    notices = db.session.scalars(select(Notice).where(Notice.id.in_(ids[0])).options(*_ABOUT))
    by_id = {notice.id: notice for notice in notices}
    about = joinedload(Conversation.contact)
    found = db.session.scalars(
        select(Conversation).where(Conversation.id.in_(ids[1])).options(about)
    )
    written = {talk.id: talk for talk in found}
    entries = [
        Entry(at, talk=written.get(number)) if place else Entry(at, notice=by_id.get(number))
        for at, place, number in rows
    ]
    return [entry for entry in entries if entry.notice or entry.talk]
