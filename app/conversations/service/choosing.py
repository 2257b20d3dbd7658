"""Sending or discarding what was held while a channel was disconnected."""

from functools import partial

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.channels.models import Channel
from app.conversations import held, outbox, settling
from app.conversations.models import Conversation, Message, OutboxEntry
from app.conversations.service import answers
from app.conversations.threads import touch_message
from app.errors import NotFound
from app.extensions import db
from app.queueing import enqueue
from app.transactions import atomic, on_commit

MOST_SHOWN = 100


def held_of(channel_id: int) -> list[tuple[Message, Conversation]]:
    """The first of what waits for a decision, oldest first."""
    query = (
        select(Message, Conversation)
        .join(OutboxEntry, OutboxEntry.message_id == Message.id)
        .join(Channel, Channel.id == OutboxEntry.channel_id)
        .join(Conversation, Conversation.id == OutboxEntry.conversation_id)
        .where(OutboxEntry.channel_id == channel_id, held.awaits_choice())
        .options(joinedload(Conversation.contact), joinedload(Message.author))
        .order_by(OutboxEntry.id)
        .limit(MOST_SHOWN)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def release_held(channel_id: int, by: User) -> None:
    """All of it leaves now, in its order and at the channel's pace."""
    with atomic():
        channel = _channel(channel_id)
        channel.held_released_at = clock.now()
        audit.record(by, "channel.held_released", "channel", channel_id, after=_count(channel))
        on_commit(partial(held.recount, channel_id))
        on_commit(partial(outbox.wake, channel_id))


def discard_held(channel_id: int, by: User) -> None:
    """None of it leaves: a worker marks each message with who decided it."""
    with atomic():
        channel = _channel(channel_id)
        audit.record(by, "channel.held_discarded", "channel", channel_id, after=_count(channel))
        on_commit(partial(enqueue, "jobs.bulk.discard_held", channel_id, by.id, queue="bulk"))


def discard_now(channel_id: int, by_id: int) -> None:
    """What `discard_held` asked for; doing it twice changes nothing."""
    name = db.session.get_one(User, by_id).name
    for entry_id in list(db.session.scalars(_waiting(channel_id))):
        with atomic():
            _discard(entry_id, name)
    held.recount(channel_id)
    outbox.wake(channel_id)  # what came after it in the same talks may leave


def _waiting(channel_id: int) -> Select[int]:
    return (
        select(OutboxEntry.id)
        .join(Channel, Channel.id == OutboxEntry.channel_id)
        .where(OutboxEntry.channel_id == channel_id, held.awaits_choice())
        .order_by(OutboxEntry.id)
    )


def _discard(entry_id: int, name: str) -> None:
    conversation, entry, message = settling.reload(entry_id)
    if entry.state != "queued":
        return
    entry.state, entry.lease_until = "cancelled", None
    message.status = "cancelled"
    message.error = _(
        "%(name)s descartou: ficou guardada enquanto o canal estava desconectado.", name=name
    )
    since = [one for one in (entry.waiting_before, conversation.waiting_since) if one]
    conversation.waiting_since = min(since, default=None)
    answers.forget(conversation, message)
    touch_message(conversation, message)


def _channel(channel_id: int) -> Channel:
    channel = db.session.get(Channel, channel_id, with_for_update={"key_share": True})
    if channel is None:
        raise NotFound
    return channel


def _count(channel: Channel) -> dict[str, object]:
    return {"name": channel.name, "messages": channel.held_count}
