"""What the desk announces, to the rooms that `visibility` names."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, Text, cast, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.accounts.models import User
from app.conversations import counters, filters, queries, viewers, visibility
from app.conversations.models import Conversation, Message
from app.extensions import db
from app.live import push, region, touch, user_room

# What concerns the desk as a whole and shows no conversation: everybody who may open it.
INBOX = "inbox"


def room(conversation: Conversation) -> str:
    """The room of those who have this conversation open."""
    return visibility.thread_room(conversation.id, conversation.team_id, conversation.owner_id)


def room_by_id(conversation_id: int) -> str:
    """The same for who knows only which one it is."""
    query = select(Conversation.team_id, Conversation.owner_id)
    row = db.session.execute(query.where(Conversation.id == conversation_id)).one_or_none()
    return visibility.thread_room(conversation_id, *(row or (None, None)))


def customers_wrote(heard: Sequence[tuple[Conversation, Message]]) -> None:
    """Messages of customers: the busiest of all pushes, of threads that mostly nobody has open.

    Asking who looks costs a tenth of rendering them, and of those that came together it is asked
    once.
    """
    looked_at = viewers.looked_at([conversation.id for conversation, _ in heard])
    for conversation, message in heard:
        if conversation.id in looked_at:
            _show(conversation, message)
    rows_changed([conversation for conversation, _ in heard])


def message_changed(conversation: Conversation, message: Message) -> None:
    """A message is new, or its ticks, text or reason changed."""
    if viewers.looked_at([conversation.id]):
        _show(conversation, message)


def _show(conversation: Conversation, message: Message) -> None:
    push(
        room(conversation),
        "conversations/live/message_changed.html",
        conversation=conversation,
        message=message,
    )


def version_passed(conversation: Conversation, version: int) -> None:
    """The conversation has a new version that changed no message."""
    push(
        room(conversation),
        "conversations/live/version_passed.html",
        conversation_id=conversation.id,
        version=version,
    )


def title_changed(conversation: Conversation) -> None:
    """The name above the thread changed."""
    push(room(conversation), "conversations/live/title_changed.html", conversation=conversation)


def marks_changed(conversation: Conversation) -> None:
    """The labels, the priority or the snooze above the thread changed."""
    push(room(conversation), "conversations/live/marks_changed.html", conversation=conversation)


def came_back(user_id: int, conversation: Conversation) -> None:
    """What this person put off is due; they may be looking elsewhere."""
    push(user_room(user_id), "conversations/live/came_back.html", conversation=conversation)


def row_changed(conversation: Conversation) -> None:
    """Something that the lists show of a conversation changed."""
    rows_changed([conversation])


def rows_changed(conversations: Iterable[Conversation]) -> None:
    """The same of several, with one update for those whom the same people see."""
    for rooms, theirs in visibility.audiences(conversations).items():
        push(rooms, "conversations/live/rows_changed.html", conversations=theirs)


def sight_changed(conversation: Conversation, rooms_before: list[str], thread_before: str) -> None:
    """After `row_changed`: those who see it no more lose the row, and who has it open asks again.

    Both say only which conversation it is.
    """
    now = visibility.audience(conversation)
    left = [name for name in rooms_before if name not in now]
    if left:
        push(left, "conversations/live/row_left.html", conversation=conversation)
    if thread_before != room(conversation):
        touch(thread_before, f"conversation:{conversation.id}", f"desk:{conversation.id}")


def owner_changed(conversation: Conversation, before: str | None, after: str | None) -> None:
    """Somebody else, or nobody, may write now; the tabs count anew."""
    number = conversation.id
    touch(room(conversation), f"desk:{number}", f"scheduled:{number}", f"times:{number}")
    counts_changed(before, after)


def counts_changed(*tabs: str | None) -> None:
    """These tabs hold more or fewer conversations."""
    named = {tab.partition(":")[::2] for tab in tabs if tab}
    _count(visibility.EVERY_ROW, counters.read_all(), *counters.LINES)
    for team_id in {int(number or 0) for line, number in named if line != "user"}:
        _count(visibility.numbers_of(team_id), counters.read_team(team_id), *counters.LINES)
    for user_id in {int(number) for line, number in named if line == "user"}:
        _count(user_room(user_id), counters.read_mine(user_id), "mine")


def _count(rooms: str, totals: counters.Totals, *tabs: str) -> None:
    parts = [part for tab in tabs for part in totals.of(tab)]
    push(rooms, "conversations/live/counts_changed.html", parts=parts, totals=totals)


def given_to(user_id: int, conversation: Conversation, by: User) -> None:
    """Somebody passed the conversation to this person, who may be looking elsewhere."""
    push(
        user_room(user_id),
        "conversations/live/given_to.html",
        conversation=conversation,
        by=by,
    )


def mentioned(user_id: int, conversation: Conversation, note: Message) -> None:
    """A note calls this person, who may be looking elsewhere."""
    push(
        user_room(user_id),
        "conversations/live/mentioned.html",
        conversation=conversation,
        note=note,
    )


def back_with(user_id: int, conversation: Conversation) -> None:
    """A conversation that was closed is open again, with whoever had it."""
    push(user_room(user_id), "conversations/live/back_with.html", conversation=conversation)


def taken_from(user_id: int, conversation: Conversation, by: User) -> None:
    """A manager took the conversation from this person."""
    push(
        user_room(user_id),
        "conversations/live/taken_from.html",
        conversation=conversation,
        by=by,
    )


def viewers_changed(conversation_id: int, people: list[dict[str, object]]) -> None:
    """Who looks at a conversation, or who is typing in it, changed."""
    push(
        room_by_id(conversation_id),
        "conversations/live/viewers_changed.html",
        conversation_id=conversation_id,
        people=people,
    )


def _is_id(argument: str) -> bool:
    return argument.isdecimal() and len(argument) < 19


def _viewer(user_id: int) -> User | None:
    return db.session.get(User, user_id)


@region("conversation")
def _conversation_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    viewer = _viewer(user_id)
    if viewer is None or not _is_id(argument):
        return None
    return queries.visible_to(viewer, select(cast(Conversation.version, Text))).where(
        Conversation.id == int(argument)
    )


@region("desk")
def _desk_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    viewer = _viewer(user_id)
    if viewer is None or not _is_id(argument):
        return None
    return queries.visible_to(viewer, select(cast(Conversation.owner_version, Text))).where(
        Conversation.id == int(argument)
    )


@region("viewers")
def _viewers_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    viewer = _viewer(user_id)
    if viewer is None or not _is_id(argument):
        return None
    known: Any = literal(viewers.version(int(argument)))
    return queries.visible_to(viewer, select(known)).where(Conversation.id == int(argument))


@region("inbox")
def _inbox_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    """The list's rows as "id:version,…" in order, "+" behind them when the page holds more."""
    viewer = _viewer(user_id)
    tab, order, written, *_ = [*argument.split(":", 2), "", ""]
    if viewer is None or tab not in queries.TABS or order not in queries.ORDERS:
        return None
    narrowed = filters.read(written)
    more = shown.endswith("+")
    count = min(shown.count(":"), queries.MOST_ROWS)
    rows = (
        queries.list_query(
            viewer, tab, order, Conversation.id, Conversation.version, filters=narrowed
        )
        .add_columns(func.row_number().over(order_by=queries.ordering(order)).label("place"))
        .limit(count if more else count + 1)
        .subquery()
    )
    line = cast(rows.c.id, Text) + literal(":") + cast(rows.c.version, Text)
    joined = func.string_agg(line, aggregate_order_by(literal(","), rows.c.place))
    return select(func.coalesce(joined, "") + literal("+" if more else ""))


@region("inbox-counts")
def _counts_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    viewer = _viewer(user_id)
    return select(counters.line(viewer)) if viewer else None


@region("contact-conversations")
def _of_contact_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    """The rows on a contact's page as "id:version,…", "+" behind them when there are more."""
    viewer = _viewer(user_id)
    if viewer is None or not _is_id(argument):
        return None
    more = shown.endswith("+")
    count = min(shown.count(":"), queries.MOST_ROWS)
    rows = (
        queries.of_contact(viewer, int(argument), Conversation.id, Conversation.version)
        .add_columns(func.row_number().over(order_by=queries.ordering("newest")).label("place"))
        .limit(count if more else count + 1)
        .subquery()
    )
    line = cast(rows.c.id, Text) + literal(":") + cast(rows.c.version, Text)
    joined = func.string_agg(line, aggregate_order_by(literal(","), rows.c.place))
    return select(func.coalesce(joined, "") + literal("+" if more else ""))
