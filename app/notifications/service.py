"""Raising notices and laying them aside; nothing else writes their table.

Rows are written inside the transaction of what they tell, after the locks of conversations.
"""

from collections.abc import Collection
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from app import clock
from app.accounts.models import User
from app.conversations import service as conversations
from app.conversations.models import Conversation
from app.extensions import db
from app.notifications import live, queries
from app.notifications.kinds import DUE_SOON, GIVEN, LATE, TAKEN, WOKEN
from app.notifications.models import Notice, Silence
from app.transactions import atomic, on_commit

KEPT = timedelta(days=30)
LONGEST_DETAIL = 200


def tell(
    user_ids: Collection[int],
    kind: str,
    *,
    conversation_id: int | None = None,
    channel_id: int | None = None,
    message_id: int | None = None,
    link: str = "",
    key: str = "",
    by: str = "",
    detail: str = "",
) -> None:
    """Raise a notice for each of these people; while it is unread the same cause is counted.

    What is about neither a conversation nor a channel has a `key` of its own and a `link` to it.
    """
    if not user_ids:
        return
    told: dict[str, Any] = {
        "message_id": message_id,
        "link": link,
        "by": by,
        "detail": detail[:LONGEST_DETAIL],
        "updated_at": clock.now(),
    }
    about = {"conversation_id": conversation_id, "channel_id": channel_id}
    cause = f"{kind}:{key or conversation_id or channel_id or 0}"
    rows = [
        {"user_id": user_id, "kind": kind, "cause": cause, **about, **told}
        for user_id in sorted(user_ids)
    ]
    statement = insert(Notice).values(rows)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["user_id", "cause"],
            index_where=Notice.read_at.is_(None),
            set_={**told, "count": Notice.count + 1, "version": Notice.version + 1},
        )
    )
    _show(user_ids)


def settle_owner(conversation_id: int, owner_id: int | None) -> None:
    """The owner changed, or the conversation was closed (then nobody's): what only concerned
    whoever had it is over, and so is a loss for who has it again.
    """
    over = and_(
        Notice.kind.in_((GIVEN, WOKEN, DUE_SOON, LATE)), Notice.user_id.is_distinct_from(owner_id)
    )
    back = and_(Notice.kind == TAKEN, Notice.user_id == owner_id)
    _lay_aside(and_(Notice.conversation_id == conversation_id, or_(over, back)))


def settle_message(kind: str, conversation_id: int, message_id: int) -> None:
    """What had failed of a message, or nobody knew of, is on its way, done, or wanted no more."""
    _lay_aside(
        Notice.conversation_id == conversation_id,
        Notice.kind == kind,
        Notice.message_id == message_id,
    )


def settle_kinds(conversation_id: int, *kinds: str) -> None:
    """What these kinds say of a conversation is true no more."""
    _lay_aside(Notice.conversation_id == conversation_id, Notice.kind.in_(kinds))


def settle_channel(kind: str, channel_id: int) -> None:
    """A channel is well again."""
    _lay_aside(Notice.channel_id == channel_id, Notice.kind == kind)


def settle_key(kind: str, key: str) -> None:
    """What everybody was told under this key is over."""
    _lay_aside(Notice.cause == f"{kind}:{key}")


def read(person: User, notice_id: int) -> None:
    """This person has seen one of theirs."""
    with atomic():
        _lay_aside(Notice.user_id == person.id, Notice.id == notice_id)


def read_of_conversation(person: User, conversation_id: int) -> None:
    """This person looks at the conversation."""
    with atomic():
        mine = Notice.user_id == person.id
        _lay_aside(mine, Notice.conversation_id == conversation_id)


def read_all(person: User) -> None:
    """Nothing is left in the bell: what waits without an owner is silenced, messages are read."""
    with atomic():
        _lay_aside(Notice.user_id == person.id)
    silence(person)
    for talk in queries.unread_talks(person):
        conversations.mark_read(talk.id, person)


def silence(person: User) -> None:
    """Hear no more of what waits without an owner at this moment, until its owner changes."""
    waiting = queries.waiting(
        person,
        literal(person.id),
        Conversation.id,
        Conversation.owner_version,
        literal(clock.now()),
    )
    columns = ["user_id", "conversation_id", "owner_version", "at"]
    with atomic():
        statement = insert(Silence).from_select(columns, waiting)
        again = {name: statement.excluded[name] for name in ("owner_version", "at")}
        db.session.execute(
            statement.on_conflict_do_update(
                index_elements=["user_id", "conversation_id"], set_=again
            )
        )
        _show([person.id])


def forget_old() -> None:
    """Delete what is older than anybody looks back."""
    before = clock.now() - KEPT
    with atomic():
        db.session.execute(delete(Notice).where(Notice.updated_at < before))
        db.session.execute(delete(Silence).where(Silence.at < before))


def _lay_aside(*conditions: ColumnElement[bool]) -> None:
    # Rows that somebody is writing at this moment are news, and stay.
    found = (
        select(Notice.id)
        .where(Notice.read_at.is_(None), *conditions)
        .with_for_update(skip_locked=True)
    )
    whose = db.session.scalars(
        update(Notice)
        .where(Notice.id.in_(found))
        .values(read_at=clock.now(), version=Notice.version + 1)
        .returning(Notice.user_id)
        .execution_options(synchronize_session=False)
    ).all()
    if whose:
        _show(set(whose))


def _show(user_ids: Collection[int]) -> None:
    for user_id in user_ids:
        on_commit(partial(live.bell_changed, [user_id]), once=("bell", user_id))
