"""What may be seen and in what order: the pages of the inbox and of a thread."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal, or_, select, tuple_, union_all
from sqlalchemy.orm import defer, joinedload

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.channels.models import Channel
from app.conversations import naming, visibility
from app.conversations.filters import NOTHING, Filters, due_next, waits_since
from app.conversations.models import Conversation, Draft, Message
from app.errors import NotFound
from app.extensions import db
from app.media.models import Attachment

TABS = ("mine", "unassigned", "bot", "all", "snoozed", "closed")
ORDERS = ("newest", "waiting", "due", "priority")
# Their lists begin with the earliest moment.
ASCENDING = {"waiting": waits_since, "due": due_next}
# Nobody waits in these, and they have one order.
PUT_AWAY = ("snoozed", "closed")
ROWS = 40
MOST_ROWS = 400
MESSAGES = 50
CHANGES = 500

WITH_PEOPLE = (
    joinedload(Conversation.contact),
    joinedload(Conversation.channel),
    joinedload(Conversation.owner),
    joinedload(Conversation.team),
)

# The same for lists, which only read: without it each of forty rows decrypts its channel's secrets.
FOR_ROWS = (
    joinedload(Conversation.contact),
    joinedload(Conversation.channel).options(
        defer(Channel.instance_token), defer(Channel.client_token)
    ),
    joinedload(Conversation.owner).options(defer(User.totp_secret), defer(User.password_hash)),
    joinedload(Conversation.team),
)

# What a page shows of a message, in the same query.
WITH_ALL = (joinedload(Message.author), joinedload(Message.attachments))

_WITH_QUOTE = (joinedload(Draft.quoted).joinedload(Message.author),)

# Who does not wait stands behind all who do.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def visible_to(viewer: User, query: Select[Any]) -> Select[Any]:
    """The one rule of who may see which conversations, put on any query over them."""
    condition = visibility.sees(viewer)
    return query if condition is None else query.where(condition)


def find(viewer: User, conversation_id: int) -> Conversation:
    """One conversation with its people, or NotFound for whoever may not see it."""
    query = select(Conversation).where(Conversation.id == conversation_id).options(*WITH_PEOPLE)
    conversation: Conversation | None = db.session.scalars(visible_to(viewer, query)).one_or_none()
    if conversation is None:
        raise NotFound
    return conversation


def find_with_draft(viewer: User, conversation_id: int) -> tuple[Conversation, Draft | None]:
    """The same, with what this person has begun to write there."""
    is_mine = and_(Draft.conversation_id == Conversation.id, Draft.user_id == viewer.id)
    both: list[Any] = [Conversation, Draft]
    query = (
        select(*both)
        .outerjoin(Draft, is_mine)
        .where(Conversation.id == conversation_id)
        .options(*WITH_PEOPLE, *_WITH_QUOTE)
    )
    row = db.session.execute(visible_to(viewer, query)).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


def may_see(viewer: User, conversation: Conversation) -> bool:
    """Whether this person sees a conversation as the database has it now."""
    query = visible_to(viewer, select(Conversation.id)).where(Conversation.id == conversation.id)
    return db.session.scalar(query) is not None


def who_sees(people: list[User], conversation_id: int) -> set[int]:
    """The ids of those of these people who see a conversation; one query."""
    if not people:
        return set()
    parts = [
        visible_to(person, select(literal(person.id)).select_from(Conversation)).where(
            Conversation.id == conversation_id
        )
        for person in people
    ]
    return set(db.session.scalars(union_all(*parts)))


def ordering(order: str) -> tuple[ColumnElement[Any], ...]:
    """The order of a list; the same as its keyset's."""
    if order in ASCENDING:
        return (ASCENDING[order].asc(), Conversation.id.desc())
    if order == "priority":
        return (
            Conversation.priority.desc(),
            Conversation.last_message_at.desc(),
            Conversation.id.desc(),
        )
    return (Conversation.last_message_at.desc(), Conversation.id.desc())


def list_query(
    viewer: User, tab: str, order: str, *columns: Any, filters: Filters = NOTHING
) -> Select[Any]:
    """The conversations of a tab in order, before paging."""
    query = visible_to(viewer, select(*columns)).where(_tab(viewer, tab))
    query = query.where(*filters.conditions(viewer))
    return query.order_by(*ordering(order))


def _tab(viewer: User, tab: str) -> ColumnElement[bool]:
    if tab == "closed":
        return Conversation.status == "closed"
    if tab == "snoozed":
        return Conversation.snoozed_at.is_not(None)
    open_ = and_(Conversation.status == "open", Conversation.snoozed_at.is_(None))
    if tab == "mine":
        return and_(open_, Conversation.owner_kind == "user", Conversation.owner_id == viewer.id)
    if tab == "unassigned":
        return and_(open_, Conversation.owner_id.is_(None), Conversation.owner_kind == "nobody")
    if tab == "bot":
        return and_(open_, Conversation.owner_id.is_(None), Conversation.owner_kind == "bot")
    return open_


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list; `more` says that others follow."""

    rows: list[Conversation]
    more: bool
    names: naming.Names

    @property
    def last(self) -> Conversation | None:
        """The row after which the next page begins."""
        return self.rows[-1] if self.rows else None


def page(
    viewer: User,
    tab: str,
    order: str,
    after: str = "",
    size: int = ROWS,
    filters: Filters = NOTHING,
) -> Page:
    """One page of the inbox, beginning after the key of a row (see `row_key`)."""
    query = list_query(viewer, tab, order, Conversation, filters=filters).options(*FOR_ROWS)
    if after:
        query = query.where(_after(order, after))
    rows = list(db.session.scalars(query.limit(size + 1)))
    return Page(rows[:size], len(rows) > size, naming.read(rows, filters))


def row_key(conversation: Conversation, order: str) -> str:
    """Where a row stands in its list: fixed width, so that browsers sort it as text.

    The lists run by it: those of ASCENDING upwards, the others downwards.
    """
    if order == "priority":
        return f"{conversation.priority}-{row_key(conversation, 'newest')}"
    if order in ASCENDING:
        moment = conversation.due_at if order == "due" else conversation.waiting_since
        return f"{micros(moment or NEVER):018d}-{10**15 - conversation.id:016d}"
    return f"{micros(conversation.last_message_at):018d}-{conversation.id:016d}"


def micros(moment: datetime) -> int:
    """Microseconds since 1970: Postgres keeps no finer time."""
    delta = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def _moment(value: int) -> datetime:
    return datetime.fromtimestamp(value // 1_000_000, UTC).replace(microsecond=value % 1_000_000)


def _after(order: str, key: str) -> ColumnElement[bool]:
    try:
        *rest, time_part, id_part = key.split("-")
        moment, number = _moment(int(time_part)), int(id_part)
        priority = int(rest[0]) if order == "priority" else 0
    except (ValueError, OverflowError, OSError, IndexError):
        raise NotFound from None
    if order == "priority":
        place = (Conversation.priority, Conversation.last_message_at, Conversation.id)
        return tuple_(*place) < tuple_(priority, moment, number)
    if order in ASCENDING:
        column, identity = ASCENDING[order], 10**15 - number
        # Two directions make no row comparison; the first condition lets the index begin there.
        at_the_same_time = and_(column == moment, Conversation.id < identity)
        return and_(column >= moment, or_(column > moment, at_the_same_time))
    return tuple_(Conversation.last_message_at, Conversation.id) < tuple_(moment, number)


@dataclass(frozen=True, slots=True)
class Thread:
    """A stretch of a thread, oldest first; `more` says that older ones exist, `newer` newer ones.

    `mark` is the message that somebody wants to see, in the middle of it.
    """

    messages: list[Message]
    more: bool
    newer: bool = False
    mark: int | None = None


def thread(conversation_id: int, before: str = "", size: int = MESSAGES) -> Thread:
    """The newest messages, or those before the key of a message (see `message_key`)."""
    query = (
        select(Message)
        .where(Message.conversation_id == conversation_id)
        .options(*WITH_ALL)
        .order_by(Message.sorted_at.desc(), Message.id.desc())
        .limit(size + 1)
    )
    if before:
        query = query.where(tuple_(Message.sorted_at, Message.id) < tuple_(*place_of(before)))
    newest_first = list(db.session.scalars(query).unique())
    return Thread(newest_first[:size][::-1], len(newest_first) > size)


def place_of(key: str) -> tuple[datetime, int]:
    """The time and the id in the key of a message; raises NotFound when it is none."""
    try:
        time_part, id_part = key.split("-")
        return _moment(int(time_part)), int(id_part)
    except (ValueError, OverflowError, OSError):
        raise NotFound from None


def message_key(message: Message) -> str:
    """Where a message stands in its thread: fixed width, ascending."""
    return f"{micros(message.sorted_at):018d}-{message.id:016d}"


def changes(conversation_id: int, since: int) -> list[Message]:
    """The messages that are new or changed after a version, oldest change first."""
    query = (
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.version > since)
        .options(*WITH_ALL)
        .order_by(Message.version)
        .limit(CHANGES)
    )
    return list(db.session.scalars(query).unique())


def earlier_of(viewer: User, contact_id: int, except_id: int) -> list[Conversation]:
    """The contact's other conversations, newest first."""
    query = (
        select(Conversation)
        .where(Conversation.contact_id == contact_id, Conversation.id != except_id)
        .options(*WITH_PEOPLE)
        .order_by(Conversation.id.desc())
        .limit(10)
    )
    return list(db.session.scalars(visible_to(viewer, query)))


def of_contact(viewer: User, contact_id: int, *columns: Any) -> Select[Any]:
    """All conversations of a contact that this person may see, in the order of the newest word."""
    query = visible_to(viewer, select(*columns)).where(Conversation.contact_id == contact_id)
    return query.order_by(*ordering("newest"))


def page_of_contact(viewer: User, contact_id: int, size: int = ROWS) -> Page:
    """The newest of them, for the contact's page."""
    query = of_contact(viewer, contact_id, Conversation).options(*FOR_ROWS)
    rows = list(db.session.scalars(query.limit(size + 1)))
    return Page(rows[:size], len(rows) > size, naming.read(rows))


def files_of_contact(viewer: User, contact_id: int) -> list[tuple[Attachment, Message]]:
    """The newest files that went either way in the contact's conversations."""
    query: Any = (
        select(Attachment, Message)
        .join(Message, Message.id == Attachment.message_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(
            Conversation.contact_id == contact_id,
            Attachment.state == "ready",
            Message.payload["revoked_at"].is_(None),
        )
        .order_by(Attachment.id.desc())
        .limit(20)
    )
    rows = db.session.execute(visible_to(viewer, query))
    return [(row[0], row[1]) for row in rows]


def draft_of(viewer: User, conversation_id: int) -> Draft | None:
    """What this person has begun to write here, with the message it answers."""
    query = select(Draft).where(
        Draft.user_id == viewer.id, Draft.conversation_id == conversation_id
    )
    return db.session.scalars(query.options(*_WITH_QUOTE)).one_or_none()


def channels_of(viewer: User) -> list[Channel]:
    """The channels whose conversations this person may look for, by name."""
    return list(db.session.scalars(select(Channel).order_by(Channel.name, Channel.id)))


def active_staff() -> list[User]:
    """Everyone who may log in, by name."""
    return list(db.session.scalars(select(User).where(User.active).order_by(User.name)))


def attending(people: list[User]) -> list[User]:
    """Those of them who attend conversations."""
    return [person for person in people if person.can(Permission.CONVERSATIONS_WORK)]
