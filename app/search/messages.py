"""Finding messages by their words, newest first, at the same cost whatever the word.

A frequent word ("boleto") stands in the newest few thousand messages often enough to fill a page:
they are walked in the order of time, and nobody looks at the other 200,000 hits. A word that does
not is rare: then its hits are few, the index of words names them, and they are sorted. Each way
alone is slow where the other is quick.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any

from markupsafe import Markup
from sqlalchemy import (
    CTE,
    ColumnElement,
    Row,
    Select,
    and_,
    false,
    func,
    literal_column,
    select,
    text,
    true,
    tuple_,
)  # fmt: skip
from sqlalchemy.dialects.postgresql import REGCONFIG

from app.accounts.models import User
from app.channels.models import Channel
from app.contacts.models import Contact
from app.conversations import queries
from app.conversations.models import Conversation, Message
from app.errors import NotFound
from app.extensions import db
from app.search.filters import Filter
from app.search.highlighting import START, STOP, excerpt, joined, spans
from app.search.models import words
from app.search.wording import Term

PAGE = 30
WALK = 10_000  # messages looked through first: some 10 ms
LONG_WALK = 40_000  # when the word is frequent and yet little of it may be seen
MANY = 30_000  # hits that are too many to sort
LONGEST_MS = 4_000  # before a search gives up

_IDENTITY: tuple[Any, ...] = (Message.id, Message.sorted_at)
_PORTUGUESE: Any = literal_column("'portuguese'::regconfig", REGCONFIG)
_SIMPLE: Any = literal_column("'simple'::regconfig", REGCONFIG)


@dataclass(frozen=True, slots=True)
class Hit:
    """One message that was found, as the page shows it."""

    id: int
    conversation_id: int
    contact_name: str
    channel_name: str
    direction: str
    author_kind: str
    author_name: str | None
    kind: str
    at: datetime
    excerpt: Markup


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of hits. `more` is the key of where the next one begins.

    `total` is exact, or a number that is surely exceeded when `at_least`.
    """

    rows: list[Hit]
    more: str = ""
    total: int = 0
    at_least: bool = False


def find(viewer: User, wanted: list[Term], chosen: Filter, before: str = "") -> Hits:
    """The newest messages with these terms that this person may see, before the key of one."""
    if not wanted:
        return Hits([])
    asked = tsquery(wanted)
    walked, looked = _walk(viewer, asked, chosen, before, WALK)
    if walked.more or looked.all_of_it:
        return walked
    if looked.expected > MANY:
        return _walk(viewer, asked, chosen, before, LONG_WALK)[0]
    return _sorted(viewer, asked, chosen, before)


# ── What is asked for ───────────────────────────────────────────────────────────────────────


def tsquery(wanted: list[Term]) -> ColumnElement[Any]:
    """The terms in the database's words: each in any of its spellings, all of them together."""
    groups: list[ColumnElement[Any]] = []
    for term in wanted:
        one = _any_spelling(term)
        if term.either and groups:
            groups[-1] = func.tsquery_or(groups[-1], one)
        else:
            groups.append(one)
    return reduce(func.tsquery_and, groups)


def _any_spelling(term: Term) -> ColumnElement[Any]:
    ways = [func.phraseto_tsquery(_PORTUGUESE, spelling) for spelling in term.spellings]
    if term.unfinished:
        ways.append(func.to_tsquery(_SIMPLE, f"{term.unfinished}:*"))
    found: ColumnElement[Any] = reduce(func.tsquery_or, ways)
    return func.tsquery_not(found) if term.excluded else found


# ── The two ways ────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Looked:
    """What a walk says of the word: how many hits to expect, and whether none is left."""

    expected: float
    all_of_it: bool


def _walk(
    viewer: User, asked: ColumnElement[Any], chosen: Filter, before: str, count: int
) -> tuple[Hits, _Looked]:
    """Look through the newest `count` messages."""
    hit = func.coalesce(words.op("@@")(asked), false()).label("hit")
    columns = (Message.id, Message.conversation_id, Message.sorted_at)
    narrowed = (Message.channel_id, Message.direction, Message.author_kind, Message.author_id,
                Message.kind)  # fmt: skip
    walk = (
        select(*columns, *narrowed, hit)
        .where(*_in_time(chosen, before), *_by_person(chosen))
        .order_by(Message.sorted_at.desc(), Message.id.desc())
        .limit(count)
        .cte("walk")
    )
    narrow: Select[Any] = select(walk.c.id, walk.c.sorted_at)
    narrow = narrow.where(walk.c.hit, *_narrowing(walk.c, chosen))
    passing = _seen(viewer, narrow, walk.c.conversation_id, chosen).cte("passing")
    found = _newest(passing)
    oldest = select(walk.c.id).order_by(walk.c.sorted_at, walk.c.id).limit(1).scalar_subquery()
    said = select(
        func.count().label("looked"),
        func.count().filter(walk.c.hit).label("hits"),
        func.min(walk.c.sorted_at).label("edge_at"),
        oldest.label("edge_id"),
        _rows_of_table().label("there"),
        # What follows in this transaction must not hold a process up; the walk itself is bounded.
        func.set_config("statement_timeout", str(LONGEST_MS), true()).label("limited"),
        select(func.count()).select_from(passing).scalar_subquery().label("passing"),
    ).select_from(walk)
    rows = _shown(found, said.cte("said"), asked)
    first = rows[0]
    looked, hits = first.looked, first.hits
    page = [_hit(row) for row in rows if row.id is not None]
    all_of_it = looked < count
    more = _key(rows[PAGE - 1].sorted_at, rows[PAGE - 1].id) if len(page) > PAGE else ""
    if not more and count == LONG_WALK and not all_of_it:
        more = _key(first.edge_at, first.edge_id)
    expected = max(first.there, looked) * hits / max(looked, 1)
    return Hits(page[:PAGE], more, first.passing, not all_of_it), _Looked(expected, all_of_it)


def _sorted(viewer: User, asked: ColumnElement[Any], chosen: Filter, before: str) -> Hits:
    """Ask the index of words, and sort what it names."""
    base: Select[Any] = select(*_IDENTITY)
    base = base.where(
        words.op("@@")(asked),
        *_in_time(chosen, before),
        *_by_person(chosen),
        *_narrowing(Message, chosen),
    )
    hits = _seen(viewer, base, Message.conversation_id, chosen).cte("hits")
    found = _newest(hits)
    said = select(func.count().label("hits")).select_from(hits).cte("said")
    rows = _shown(found, said, asked)
    page = [_hit(row) for row in rows if row.id is not None]
    more = _key(rows[PAGE - 1].sorted_at, rows[PAGE - 1].id) if len(page) > PAGE else ""
    return Hits(page[:PAGE], more, rows[0][-1])


def _newest(hits: CTE) -> CTE:
    query = select(hits.c.id, hits.c.sorted_at)
    return query.order_by(hits.c.sorted_at.desc(), hits.c.id.desc()).limit(PAGE + 1).cte("page")


def _seen(viewer: User, query: Select[Any], of: Any, chosen: Filter) -> Select[Any]:
    """What this person may see; conversations are only looked up when that depends on them."""
    if queries.visible_to(viewer, query) is query and chosen.owner_id is None:
        return query
    query = queries.visible_to(viewer, query.join(Conversation, Conversation.id == of))
    if chosen.owner_id is None:
        return query
    return query.where(Conversation.owner_id == chosen.owner_id)


def _in_time(chosen: Filter, before: str) -> list[ColumnElement[bool]]:
    since, until = chosen.times()
    conditions: list[ColumnElement[bool]] = [Message.direction != literal_column("'event'")]
    if since:
        conditions.append(Message.sorted_at >= since)
    if until:
        conditions.append(Message.sorted_at < until)
    if before:
        conditions.append(tuple_(Message.sorted_at, Message.id) < tuple_(*_parsed(before)))
    return conditions


def _by_person(chosen: Filter) -> list[ColumnElement[bool]]:
    """Who wrote, where an index of theirs walks in the order of time."""
    return [Message.author_id == chosen.author_id] if chosen.author_id else []


def _narrowing(columns: Any, chosen: Filter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [columns.kind != "duplicate"]
    if chosen.channel_id:
        conditions.append(columns.channel_id == chosen.channel_id)
    if chosen.author == "cliente":
        conditions.append(columns.direction == "in")
    elif chosen.author == "robo":
        conditions.append(columns.author_kind == "bot")
    elif chosen.author == "equipe":
        conditions.append(columns.author_kind.in_(("user", "phone")))
    if chosen.kind == "nota":
        conditions.append(columns.direction == "note")
    elif chosen.kind == "texto":
        conditions.append(and_(columns.kind == "text", columns.direction != "note"))
    elif chosen.kind:
        conditions.append(columns.kind == chosen.kind)
    return conditions


def _rows_of_table() -> Any:
    """About how many messages there are, as the planner believes."""
    return select(text("reltuples")).select_from(text("pg_class")).where(
        text("oid = 'messages'::regclass")
    ).scalar_subquery()  # fmt: skip


# ── What is shown of them ───────────────────────────────────────────────────────────────────


def _shown(found: CTE, said: CTE, asked: ColumnElement[Any]) -> list[Row[Any]]:
    """The rows of the page with their people; one row without an id when nothing was found."""
    clean = func.translate(Message.body, START + STOP, "")
    page = (
        select(
            Message.id, Message.conversation_id, Message.sorted_at, Message.direction,
            Message.author_kind, Message.kind, Contact.name.label("contact_name"),
            Channel.name.label("channel_name"), User.name.label("author_name"),
            clean.label("clean"), _marked(clean, asked).label("marked"),
            _marked(func.fold(clean), asked).label("marked_plain"),
        )
        .join(found, found.c.id == Message.id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(Contact, Contact.id == Conversation.contact_id)
        .join(Channel, Channel.id == Message.channel_id)
        .outerjoin(User, User.id == Message.author_id)
        .subquery()
    )  # fmt: skip
    query = (
        select(page, said)
        .select_from(said.outerjoin(page, true()))
        .order_by(page.c.sorted_at.desc(), page.c.id.desc())
    )
    return list(db.session.execute(query))


def _marked(body: Any, asked: ColumnElement[Any]) -> Any:
    options = f"HighlightAll=true, StartSel={START}, StopSel={STOP}"
    return func.ts_headline(_PORTUGUESE, body, asked, options)


def _hit(row: Row[Any]) -> Hit:
    marks = joined(spans(row.marked), spans(row.marked_plain))
    return Hit(
        row.id, row.conversation_id, row.contact_name, row.channel_name, row.direction,
        row.author_kind, row.author_name, row.kind, row.sorted_at, excerpt(row.clean, marks),
    )  # fmt: skip


def _key(moment: datetime, identity: int) -> str:
    return f"{queries.micros(moment):018d}-{identity:016d}"


def _parsed(key: str) -> tuple[datetime, int]:
    try:
        moment, identity = (int(part) for part in key.split("-"))
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=moment), identity
    except (ValueError, OverflowError):
        raise NotFound from None


__all__ = ["Hit", "Hits", "find"]
