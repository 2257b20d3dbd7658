"""The shared steps of every change: lock a conversation, add to its thread, announce it."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app import clock
from app.accounts.models import User
from app.conversations import live
from app.conversations.models import Conversation, Message
from app.conversations.presenting import kind_label
from app.conversations.queries import WITH_PEOPLE
from app.errors import NotFound
from app.extensions import db
from app.media.presenting import duration
from app.transactions import on_commit

# A message whose provider time is further from its arrival than this is shown where it arrived.
LATE_AFTER = timedelta(minutes=1)
PREVIEW_LENGTH = 120
# Their words alone would read like something the customer typed.
PREFIXED = frozenset(
    {"image", "video", "document", "location", "contact", "reaction", "poll", "vote"}
)


def locked(conversation_id: int) -> Conversation:
    """The conversation with its row locked until the end of the transaction.

    Locked first and read afterwards: one statement that had to wait would join the owner of before.
    """
    lock = select(Conversation.id).where(Conversation.id == conversation_id).with_for_update()
    if db.session.scalar(lock) is None:
        raise NotFound
    query = select(Conversation).where(Conversation.id == conversation_id).options(*WITH_PEOPLE)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def sorted_time(provider_at: datetime | None, arrived_at: datetime) -> tuple[datetime, bool]:
    """Where a message stands in its thread, and whether it came late."""
    if provider_at is None or provider_at > arrived_at:
        return arrived_at, False
    late = arrived_at - provider_at > LATE_AFTER
    return (arrived_at if late else provider_at), late


def append(conversation: Conversation, message: Message) -> Message:
    """Add to the thread of a locked conversation and announce it after the commit."""
    now = clock.now()
    message.conversation_id = conversation.id
    message.channel_id = conversation.channel_id
    message.created_at = now
    message.sorted_at, message.is_late = sorted_time(message.provider_at, now)
    conversation.version += 1
    message.version = conversation.version
    db.session.add(message)
    db.session.flush()
    if message.direction in {"in", "out"}:
        summarise(conversation, message)
    announce(conversation, message)
    return message


def summarise(conversation: Conversation, message: Message) -> None:
    """What the list shows of the newest message."""
    conversation.last_message_id = message.id
    conversation.last_message_at = message.created_at
    conversation.last_message_preview = preview(message)
    conversation.last_message_author = message.author_kind
    conversation.last_message_status = message.status


def preview(message: Message) -> str:
    """One line of a message; media by their kind, which the template puts in words."""
    text = _in_words(message)
    return text if len(text) <= PREVIEW_LENGTH else text[: PREVIEW_LENGTH - 1] + "…"


def _in_words(message: Message) -> str:
    """The words of a message; which kind it is when it has none or they say too little."""
    if "revoked_at" in (message.payload or {}):
        return _("Mensagem apagada")
    words = " ".join(message.body.split())
    if not words:
        return _label(message)
    if message.kind in PREFIXED:
        return f"{kind_label(message.kind)}: {words}"
    return words


def _label(message: Message) -> str:
    """What a message without words is; of recordings also how long: "Áudio 0:12"."""
    label = kind_label(message.kind)
    seconds = (message.payload or {}).get("seconds")
    if message.kind in {"audio", "video"} and isinstance(seconds, (int, float)):
        return f"{label} {duration(seconds)}"
    return label


def touch_message(conversation: Conversation, message: Message) -> None:
    """A message of a locked conversation changed: new version, announced after the commit."""
    conversation.version += 1
    message.version = conversation.version
    if conversation.last_message_id == message.id:
        conversation.last_message_status = message.status
        conversation.last_message_preview = preview(message)
    announce(conversation, message)


def announce(conversation: Conversation, message: Message | None = None) -> None:
    """Show a change on all screens after the commit: the thread at once, the list's row once.

    Without a message the version still travels, so that threads do not take it for a missed one.
    """
    if message is None:
        on_commit(partial(live.version_passed, conversation, conversation.version))
    else:
        on_commit(partial(live.message_changed, conversation, message))
    on_commit(partial(live.row_changed, conversation), once=("row", conversation.id))


def note_event(
    conversation: Conversation, kind: str, by: User | None = None, **payload: Any
) -> Message:
    """A line of the timeline."""
    return append(
        conversation,
        Message(
            direction="event",
            author_kind="user" if by else "system",
            author_id=by.id if by else None,
            author=by,
            kind=kind,
            payload=payload or None,
        ),
    )
