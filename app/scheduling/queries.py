"""Which scheduled messages somebody sees: in a conversation, and on a page of their own."""

from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, exists, func, literal, select, tuple_
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.conversations import queries as conversations
from app.conversations.models import Conversation
from app.errors import NotFound
from app.extensions import db
from app.scheduling.models import OPEN, ScheduledMessage

S = ScheduledMessage
MOST = 50  # a page's rows
STATES = {"a-enviar": ("waiting",), "nao-enviadas": ("missed",), "historico": ("sent", "cancelled")}

WITH_PEOPLE = (
    joinedload(S.author),
    joinedload(S.conversation).joinedload(Conversation.contact),
    joinedload(S.conversation).joinedload(Conversation.owner),
)


def visible_to(viewer: User, query: Select[Any]) -> Select[Any]:
    """Those of the conversations that this person sees."""
    return conversations.visible_to(viewer, query.join(S.conversation))


def find(viewer: User, scheduled_id: int) -> ScheduledMessage:
    """One of them; raises NotFound."""
    query = select(S).where(S.id == scheduled_id).options(*WITH_PEOPLE)
    found: ScheduledMessage | None = db.session.scalars(visible_to(viewer, query)).one_or_none()
    if found is None:
        raise NotFound
    return found


def of_conversation(conversation_id: int) -> list[ScheduledMessage]:
    """What is still to be sent there, or was not: the nearest first."""
    query = select(S).where(S.conversation_id == conversation_id, S.state.in_(OPEN))
    return list(db.session.scalars(query.options(*WITH_PEOPLE).order_by(S.send_at, S.id)))


def page(
    viewer: User, of: str, shown: str, after: str | None = None
) -> tuple[list[ScheduledMessage], str | None]:
    """The page's rows, and the key of the last when there are more; NotFound on another key.

    `of` is "minhas" or "todas", `shown` one of STATES. What is over runs by when it was written.
    """
    query = visible_to(viewer, select(S).where(S.state.in_(STATES[shown]), _whose(viewer, of)))
    is_past = shown == "historico"
    if after is not None:
        moment, number = conversations.place_of(after)
        beyond = S.id < number if is_past else tuple_(S.send_at, S.id) > tuple_(moment, number)
        query = query.where(beyond)
    order = (S.id.desc(),) if is_past else (S.send_at, S.id)
    query = query.options(*WITH_PEOPLE).order_by(*order).limit(MOST + 1)
    rows = list(db.session.scalars(query))
    return rows[:MOST], _key(rows[MOST - 1]) if len(rows) > MOST else None


def _key(row: ScheduledMessage) -> str:
    return f"{conversations.micros(row.send_at)}-{row.id}"


def _whose(viewer: User, of: str) -> ColumnElement[bool]:
    if of == "todas" and viewer.can(Permission.CONVERSATIONS_TAKE_FROM_OTHERS):
        return literal(True)
    return S.author_id == viewer.id


def totals(viewer: User, of: str) -> dict[str, int]:
    """How many are to be sent, and how many were not."""
    counted: Any = select(S.state, func.count()).where(S.state.in_(OPEN))
    query = visible_to(viewer, counted)
    rows = db.session.execute(query.where(_whose(viewer, of)).group_by(S.state)).all()
    found = {row[0]: row[1] for row in rows}
    return {name: found.get(states[0], 0) for name, states in STATES.items() if len(states) == 1}


def version_of_conversation(viewer: User, conversation_id: int) -> Select[Any]:
    """What a thread shows of them as one text, empty when there are none.

    Whose the conversation is counts: what is not its author's any more will not be sent.
    """
    line = func.concat_ws(
        ":", cast(S.id, Text), cast(S.version, Text), cast(Conversation.owner_version, Text)
    )
    joined = func.string_agg(line, aggregate_order_by(literal(","), S.send_at, S.id))
    query = select(func.coalesce(joined, ""))
    return visible_to(viewer, query.select_from(S)).where(
        S.conversation_id == conversation_id, S.state.in_(OPEN)
    )


def version_of_page(viewer: User, of: str) -> Select[Any]:
    """What the page shows: every change of the history was one of an open row."""
    line = func.concat_ws(".", cast(func.count(), Text), cast(func.sum(S.version), Text))
    query = select(line).select_from(S).where(S.state.in_(OPEN), _whose(viewer, of))
    return visible_to(viewer, query)


def is_waited_for() -> ColumnElement[bool]:
    """On conversations: that something is to be sent in one."""
    return exists().where(
        ScheduledMessage.conversation_id == Conversation.id, ScheduledMessage.state == "waiting"
    )
