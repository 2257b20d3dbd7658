"""Sending: in order, at each channel's pace, never twice.

The row is the truth. `sending` is committed before the call; what surely never left is tried again;
what may have left becomes `uncertain` and only a person sends it again. One worker at a time sends
for a channel: it holds the channel's lease.
"""

import secrets
import time
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog
from flask_babel import gettext as _
from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import aliased

from app import clock
from app.channels import service as channels
from app.channels.models import Channel
from app.contacts.service import send_address
from app.conversations import held, sender_lease, settling
from app.conversations.message_acts import sending as acts
from app.conversations.message_acts.models import MessageAct
from app.conversations.models import Message, OutboxEntry
from app.conversations.threads import touch_message
from app.errors import GuicheError
from app.extensions import current_settings, db
from app.integrations.base import Accepted, IntegrationError, Outcome
from app.logs import bind_request_id
from app.media import sending
from app.media.models import Attachment
from app.media.storage import StorageError
from app.queueing import enqueue
from app.transactions import atomic, on_commit

log = structlog.get_logger()

ROUND_SECONDS = 5  # then the job makes room for other channels and asks for another turn
LOOK_AGAIN_SECONDS = 0.25  # while waiting: another conversation's message may be due meanwhile
FILE_AGAIN_SECONDS = 2  # a file that gets ready wakes its sender by itself
PENDING = ("queued", "sending")


def wake(channel_id: int, after_seconds: float = 0) -> None:
    """Ask a worker to send what waits for this channel, now or when a hold has passed."""
    # Redis keeps whole seconds: a job that came a moment early would find nothing and leave it to
    # the sweep.
    delay = after_seconds + 1 if after_seconds > 0 else 0
    enqueue("jobs.outbound.deliver_channel", channel_id, queue="outbound", delay_seconds=delay)


def deliver_channel(channel_id: int) -> None:
    """Send what waits, in order, until there is nothing left, the channel is down or time is up."""
    key = secrets.token_hex(8)
    if not sender_lease.take(channel_id, key):
        return
    began = time.monotonic()
    try:
        while time.monotonic() - began < ROUND_SECONDS:
            pause = _send_next(channel_id, key)
            if pause is None:
                break
            time.sleep(pause)
    finally:
        sender_lease.give_back(channel_id, key)
    held.recount(channel_id)
    # What was queued while the lease was being given back found it taken.
    if _due(channel_id) and _is_open(channel_id):
        wake(channel_id)


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
    return any(one.next_try_at <= clock.now() for one in _next_ones(channel_id))


def _next_ones(channel_id: int) -> list[OutboxEntry | MessageAct]:
    """The next message and the next act on an earlier one, whichever is due first."""
    found = [_next_entry(channel_id), acts.next_of(channel_id)]
    return sorted((one for one in found if one is not None), key=lambda one: one.next_try_at)


def _send_next(channel_id: int, key: str) -> float | None:
    """Send one message; the seconds to wait before the next look, or None when to stop."""
    if not sender_lease.hold(channel_id, key):
        return None
    db.session.rollback()
    channel = db.session.get_one(Channel, channel_id, populate_existing=True)
    if not channel.active or channel.state == "disconnected":
        return None
    now = clock.now()
    if channel.next_send_at is not None and channel.next_send_at > now:
        return min((channel.next_send_at - now).total_seconds(), LOOK_AGAIN_SECONDS)
    waiting = _next_ones(channel_id)
    if not waiting:
        return None
    first = waiting[0]
    if first.next_try_at > now:
        return min((first.next_try_at - now).total_seconds(), LOOK_AGAIN_SECONDS)
    if first.attempts > 0 and not _still_connected(channel):
        return None
    if isinstance(first, MessageAct):
        _space(channel.id, channel.pace_seconds)
        acts.make(channel, first.id)
    else:
        _send(channel, first.id)
    return 0.0


def _send(channel: Channel, entry_id: int) -> None:
    """Send one entry. Whatever goes wrong with it stays with it: the others must still leave."""
    try:
        claim = _claim(entry_id)
    except OperationalError:
        raise  # the database is away or broke a deadlock: nothing is known of the entry
    except Exception as error:  # left queued, it would be picked first for ever
        log.exception("send_not_begun", entry_id=entry_id)
        reason = error.message if isinstance(error, GuicheError) else _("O envio não pôde começar.")
        settling.give_up(entry_id, reason)
        return
    if claim is None:
        return
    _space(channel.id, channel.pace_seconds)
    try:
        accepted = _call(channel, claim)
    except IntegrationError as error:
        settling.record_failure(claim.entry_id, error)
    except Exception:  # a fault of ours: the body may have left, and the others must still leave
        log.exception("send_broke_off", entry_id=entry_id)
        broken = IntegrationError(_("O envio foi interrompido por um erro nosso."), Outcome.UNKNOWN)
        settling.record_failure(claim.entry_id, broken)
    else:
        settling.record_success(claim.entry_id, accepted)


def _call(channel: Channel, claim: "_Claim") -> Accepted:
    messenger, subject = channels.messenger_for(channel), f"outbox:{claim.entry_id}"
    if claim.file_id is None:
        return messenger.send_text(claim.address, claim.body, subject, claim.reply_to)
    try:
        file = sending.prepared(db.session.get_one(Attachment, claim.file_id), claim.body)
    except StorageError as error:
        log.error("file_not_read", attachment_id=claim.file_id, error=str(error))
        reason = _("O lugar onde os arquivos ficam não respondeu.")
        raise IntegrationError(reason, Outcome.NEVER_LEFT) from None
    return messenger.send_file(claim.address, file, subject, claim.reply_to)


def _next_entry(channel_id: int) -> OutboxEntry | None:
    """The first entry whose conversation has nothing older on its way.

    What is held to be taken back is nobody's yet: a job of its own comes for it.
    """
    now = clock.now()
    free = or_(OutboxEntry.attempts > 0, OutboxEntry.next_try_at <= now)
    older = aliased(OutboxEntry)
    blocked = exists().where(
        older.conversation_id == OutboxEntry.conversation_id,
        older.id < OutboxEntry.id,
        older.state.in_(PENDING),
    )
    return db.session.scalars(
        select(OutboxEntry)
        .join(Channel, Channel.id == OutboxEntry.channel_id)
        .where(OutboxEntry.channel_id == channel_id, OutboxEntry.state == "queued", free, ~blocked)
        .where(~func.coalesce(held.awaits_choice(), False))
        .order_by(func.greatest(OutboxEntry.next_try_at, now), OutboxEntry.id)
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
    address: str
    body: str
    reply_to: str | None  # the provider's id of the message it answers
    file_id: int | None  # of the attachment that it is


def _claim(entry_id: int) -> _Claim | None:
    """Commit that the message is being sent; None when it was withdrawn meanwhile."""
    with atomic():
        conversation, entry, message = settling.reload(entry_id)
        if entry.state != "queued" or settling.withdraw_if_silenced(conversation, entry, message):
            return None
        file = _file_of(message)
        if file is not None and file.state != "ready":
            _wait_for(file, entry)
            return None
        bind_request_id(entry.request_id)
        talk = conversation
        address = send_address(talk.contact_id, talk.channel_id, talk.identity_id)
        entry.state = "sending"
        entry.attempts += 1
        entry.lease_until = clock.now() + timedelta(seconds=current_settings().send_lease_seconds)
        message.status = "sending"
        touch_message(conversation, message)
        reply_to = (message.payload or {}).get("reply_to")
        file_id = file.id if file is not None else None
        return _Claim(entry.id, address, message.body, reply_to, file_id)


def _file_of(message: Message) -> Attachment | None:
    query = select(Attachment).where(Attachment.message_id == message.id)
    return db.session.scalars(query.order_by(Attachment.place).limit(1)).one_or_none()


def _wait_for(file: Attachment, entry: OutboxEntry) -> None:
    """It is still being examined, or cannot be sent at all; what follows it waits with it."""
    if file.state == "failed":
        raise GuicheError(file.reason or _("O arquivo não pôde ser preparado."))
    entry.next_try_at = clock.now() + timedelta(seconds=FILE_AGAIN_SECONDS)


def _space(channel_id: int, pace_seconds: float) -> None:
    with atomic() as session:
        session.execute(
            update(Channel)
            .where(Channel.id == channel_id)
            .values(next_send_at=clock.now() + timedelta(seconds=pace_seconds))
            .execution_options(synchronize_session=False)
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
            conversation, entry, message = settling.reload(entry_id)
            if entry.state == "sending":
                entry.state, message.status = "uncertain", "uncertain"
                message.error = _("O envio foi interrompido e não sabemos se saiu.")
                touch_message(conversation, message)
                settling.tell_trouble(conversation, message)
                log.warning("send_interrupted", entry_id=entry_id)
    waiting = db.session.scalars(
        select(OutboxEntry.channel_id)
        .join(Channel, Channel.id == OutboxEntry.channel_id)
        .where(
            OutboxEntry.state == "queued",
            OutboxEntry.next_try_at <= now,
            ~func.coalesce(held.awaits_choice(), False),
            Channel.active,
            Channel.state != "disconnected",
            or_(Channel.sender_lease_until.is_(None), Channel.sender_lease_until < now),
        )
        .distinct()
    ).all()
    for channel_id in waiting:
        wake(channel_id)


def file_settled(message: Message) -> None:
    """The file that a queued message waits for is ready, or never will be; in its transaction."""
    now = clock.now()
    due = max(now, message.held_until or now)
    db.session.execute(
        update(OutboxEntry)
        .where(
            OutboxEntry.message_id == message.id,
            OutboxEntry.state == "queued",
            OutboxEntry.attempts == 0,
        )
        .values(next_try_at=due)
    )
    on_commit(partial(wake, message.channel_id, max(0.0, (due - now).total_seconds())))
