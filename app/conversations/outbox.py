"""Sending: in order, at each channel's pace, never twice.

The row is the truth. `sending` is committed before the call; what surely never left is tried again;
what may have left becomes `uncertain` and only a person sends it again. One worker at a time sends
for a channel: it holds the channel's lease.
"""

import secrets
import time
from dataclasses import dataclass
from datetime import timedelta

import structlog
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from app import clock
from app.channels import service as channels
from app.channels.models import Channel
from app.contacts.service import send_address
from app.conversations.models import Conversation, Message, OutboxEntry
from app.conversations.threads import locked, touch_message
from app.extensions import current_settings, db
from app.integrations.base import Accepted, IntegrationError, Outcome
from app.logs import bind_request_id
from app.queueing import enqueue
from app.transactions import atomic

log = structlog.get_logger()

ROUND_SECONDS = 20  # then the job makes room for other channels and asks for another turn
PENDING = ("queued", "sending")


def wake(channel_id: int) -> None:
    """Ask a worker to send what waits for this channel."""
    enqueue("jobs.outbound.deliver_channel", channel_id, queue="outbound")


def deliver_channel(channel_id: int) -> None:
    """Send what waits, in order, until there is nothing left, the channel is down or time is up."""
    key = secrets.token_hex(8)
    if not _take_lease(channel_id, key):
        return
    began = time.monotonic()
    try:
        while time.monotonic() - began < ROUND_SECONDS:
            pause = _send_next(channel_id, key)
            if pause is None:
                break
            time.sleep(pause)
    finally:
        _give_lease_back(channel_id, key)
    # What was queued while the lease was being given back found it taken.
    if _due(channel_id) and _is_open(channel_id):
        wake(channel_id)


def _take_lease(channel_id: int, key: str) -> bool:
    free = or_(Channel.sender_lease_until.is_(None), Channel.sender_lease_until < clock.now())
    return _update_channel(channel_id, free, key)


def _hold_lease(channel_id: int, key: str) -> bool:
    return _update_channel(channel_id, Channel.sender_lease_key == key, key)


def _update_channel(channel_id: int, condition: ColumnElement[bool], key: str) -> bool:
    until = clock.now() + timedelta(seconds=current_settings().send_lease_seconds)
    with atomic() as session:
        taken = session.scalar(
            update(Channel)
            .where(Channel.id == channel_id, condition)
            .values(sender_lease_until=until, sender_lease_key=key)
            .returning(Channel.id)
            .execution_options(synchronize_session=False)
        )
    return taken is not None


def _give_lease_back(channel_id: int, key: str) -> None:
    with atomic() as session:
        session.execute(
            update(Channel)
            .where(Channel.id == channel_id, Channel.sender_lease_key == key)
            .values(sender_lease_until=None, sender_lease_key=None)
            .execution_options(synchronize_session=False)
        )


def _is_open(channel_id: int) -> bool:
    """Whether the channel may send: active, and not known to be disconnected."""
    return bool(
        db.session.scalar(
            select(Channel.id).where(
                Channel.id == channel_id, Channel.active, Channel.state != "disconnected"
            )
        )
    )


def _due(channel_id: int) -> bool:
    return bool(
        db.session.scalar(
            select(OutboxEntry.id)
            .where(
                OutboxEntry.channel_id == channel_id,
                OutboxEntry.state == "queued",
                OutboxEntry.next_try_at <= clock.now(),
            )
            .limit(1)
        )
    )


def _send_next(channel_id: int, key: str) -> float | None:
    """Send one message; the seconds to wait before the next look, or None when to stop."""
    if not _hold_lease(channel_id, key):
        return None
    db.session.rollback()
    channel = db.session.get_one(Channel, channel_id, populate_existing=True)
    if not channel.active or channel.state == "disconnected":
        return None
    now = clock.now()
    if channel.next_send_at is not None and channel.next_send_at > now:
        return min((channel.next_send_at - now).total_seconds(), 5.0)
    entry = _next_entry(channel_id)
    if entry is None:
        return None
    if entry.next_try_at > now:
        return min((entry.next_try_at - now).total_seconds(), 5.0)
    if entry.attempts > 0 and not _still_connected(channel):
        return None
    claim = _claim(entry.id)
    if claim is not None:
        _space(channel_id, channel.pace_seconds)
        _call(channel, claim)
    return 0.0


def _next_entry(channel_id: int) -> OutboxEntry | None:
    """The first entry whose conversation has nothing older on its way."""
    older = aliased(OutboxEntry)
    blocked = exists().where(
        older.conversation_id == OutboxEntry.conversation_id,
        older.id < OutboxEntry.id,
        older.state.in_(PENDING),
    )
    return db.session.scalars(
        select(OutboxEntry)
        .where(OutboxEntry.channel_id == channel_id, OutboxEntry.state == "queued", ~blocked)
        .order_by(func.greatest(OutboxEntry.next_try_at, clock.now()), OutboxEntry.id)
        .limit(1)
        .execution_options(populate_existing=True)
    ).one_or_none()


def _still_connected(channel: Channel) -> bool:
    """Before a retry: a provider that lost WhatsApp would keep the message and send it hours on."""
    try:
        connected = channels.messenger_for(channel).is_connected()
    except IntegrationError:
        return True
    if not connected:
        with atomic():
            channels.note_state(channel, False, _("A instância não está conectada."), clock.now())
    return connected


@dataclass(frozen=True, slots=True)
class _Claim:
    entry_id: int
    message_id: int
    conversation_id: int
    address: str
    body: str
    attempt: int


def _claim(entry_id: int) -> _Claim | None:
    """Commit that the message is being sent; None when it was withdrawn meanwhile."""
    with atomic():
        found = db.session.get_one(OutboxEntry, entry_id)
        conversation = locked(found.conversation_id)
        entry = db.session.get_one(OutboxEntry, entry_id, populate_existing=True)
        if entry.state != "queued":
            return None
        message = db.session.get_one(Message, entry.message_id, populate_existing=True)
        bind_request_id(entry.request_id)
        entry.state = "sending"
        entry.attempts += 1
        entry.lease_until = clock.now() + timedelta(seconds=current_settings().send_lease_seconds)
        message.status = "sending"
        touch_message(conversation, message)
        address = send_address(conversation.contact_id, conversation.channel_id)
        return _Claim(entry.id, message.id, conversation.id, address, message.body, entry.attempts)


def _space(channel_id: int, pace_seconds: float) -> None:
    with atomic() as session:
        session.execute(
            update(Channel)
            .where(Channel.id == channel_id)
            .values(next_send_at=clock.now() + timedelta(seconds=pace_seconds))
            .execution_options(synchronize_session=False)
        )


def _call(channel: Channel, claim: _Claim) -> None:
    try:
        accepted = channels.messenger_for(channel).send_text(
            claim.address, claim.body, subject=f"outbox:{claim.entry_id}"
        )
    except IntegrationError as error:
        _record_failure(claim, error)
    else:
        _record_success(claim, accepted)


def _record_success(claim: _Claim, accepted: Accepted) -> None:
    with atomic():
        conversation, entry, message = _reload(claim.entry_id)
        entry.zaap_id = accepted.queue_id
        if entry.state != "sending":
            return
        _drop_unmatched_echo(conversation, message, accepted.provider_id)
        entry.state, entry.lease_until = "done", None
        message.provider_id = accepted.provider_id
        message.status = "sent"
        touch_message(conversation, message)


def _record_failure(claim: _Claim, error: IntegrationError) -> None:
    with atomic():
        conversation, entry, message = _reload(claim.entry_id)
        if entry.state != "sending":
            return
        entry.lease_until = None
        waits = current_settings().retry_waits
        if error.outcome is Outcome.UNKNOWN:
            entry.state, message.status = "uncertain", "uncertain"
        elif entry.attempts <= len(waits):
            entry.state, message.status = "queued", "queued"
            wait = timedelta(seconds=waits[entry.attempts - 1])
            entry.next_try_at = clock.now() + wait
        else:
            entry.state, message.status = "failed", "failed"
        message.error = error.message
        touch_message(conversation, message)


def _reload(entry_id: int) -> tuple[Conversation, OutboxEntry, Message]:
    """Everything about an entry, the conversation's row locked first: the order all code keeps."""
    found = db.session.get_one(OutboxEntry, entry_id)
    conversation = locked(found.conversation_id)
    entry = db.session.get_one(OutboxEntry, entry_id, populate_existing=True)
    message = db.session.get_one(Message, entry.message_id, populate_existing=True)
    return conversation, entry, message


def _drop_unmatched_echo(conversation: Conversation, message: Message, provider_id: str) -> None:
    """An echo that came before the answer and could not be matched showed the message twice."""
    twin = db.session.scalars(
        select(Message).where(
            Message.channel_id == message.channel_id,
            Message.provider_id == provider_id,
            Message.id != message.id,
        )
    ).one_or_none()
    if twin is not None:
        twin.provider_id = None
        twin.kind = "duplicate"
        touch_message(conversation, twin)
        db.session.flush()


def confirm(entry_id: int, provider_id: str) -> Message:
    """An echo or a report proves that an unsettled send arrived; in the caller's transaction."""
    conversation, entry, message = _reload(entry_id)
    if entry.state in {"sending", "uncertain"}:
        entry.state, entry.lease_until = "done", None
        message.provider_id = provider_id
        message.status, message.error = "sent", None
        touch_message(conversation, message)
    return message


def fail(message: Message, reason: str) -> None:
    """The provider says that the message did not reach WhatsApp; in the caller's transaction."""
    conversation = locked(message.conversation_id)
    db.session.refresh(message)
    if message.status in {"delivered", "read"}:
        return
    message.status, message.error = "failed", reason
    settle_entry(message, "failed")
    touch_message(conversation, message)


def settle_entry(message: Message, state: str = "done") -> None:
    """The outbox row of a message whose fate is known; in the caller's transaction."""
    db.session.execute(
        update(OutboxEntry)
        .where(OutboxEntry.message_id == message.id)
        .values(state=state, lease_until=None)
    )


def is_unsettled(channel_id: int) -> bool:
    """Whether some send of this channel has no known outcome yet."""
    return bool(
        db.session.scalar(
            select(OutboxEntry.id)
            .where(
                OutboxEntry.channel_id == channel_id,
                OutboxEntry.state.in_(("sending", "uncertain")),
            )
            .limit(1)
        )
    )


def redrive() -> None:
    """Settle what a dead worker left half sent, and wake the senders of what waits."""
    now = clock.now()
    expired = db.session.scalars(
        select(OutboxEntry.id).where(OutboxEntry.state == "sending", OutboxEntry.lease_until < now)
    ).all()
    db.session.rollback()
    for entry_id in expired:
        with atomic():
            conversation, entry, message = _reload(entry_id)
            if entry.state == "sending":
                entry.state, message.status = "uncertain", "uncertain"
                message.error = _("O envio foi interrompido e não sabemos se saiu.")
                touch_message(conversation, message)
                log.warning("send_interrupted", entry_id=entry_id)
    waiting = db.session.scalars(
        select(OutboxEntry.channel_id)
        .join(Channel, Channel.id == OutboxEntry.channel_id)
        .where(
            OutboxEntry.state == "queued",
            OutboxEntry.next_try_at <= now,
            Channel.active,
            Channel.state != "disconnected",
            or_(Channel.sender_lease_until.is_(None), Channel.sender_lease_until < now),
        )
        .distinct()
    ).all()
    for channel_id in waiting:
        wake(channel_id)
