"""Whether each channel is connected, and since when; what arrives and what may leave."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import or_, select, update

from app import clock
from app.channels import directory, live, usual
from app.channels.models import Channel
from app.extensions import db
from app.queueing import enqueue
from app.transactions import atomic, on_commit

log = structlog.get_logger()

# Called in the same transaction when a channel is connected or disconnected, which it was not.
on_state: list[Callable[[Channel], None]] = []

INBOUND_NOTED_EVERY = timedelta(seconds=15)
# Callbacks give whole seconds of somebody else's clock: only what is clearly older is dropped.
CLOCKS_DIFFER_BY = timedelta(seconds=5)


def note_state(channel: Channel, connected: bool, reason: str | None, at: datetime | None) -> None:
    """Write down that a channel is connected or not; news older than what is known is dropped.

    What was held leaves as soon as it is connected again.
    """
    with atomic():
        db.session.refresh(channel, with_for_update={"key_share": True})
        moment = min(at or clock.now(), clock.now())
        if channel.state_at and moment < channel.state_at - CLOCKS_DIFFER_BY:
            return
        state, before = "connected" if connected else "disconnected", channel.state
        changed = (channel.state, channel.state_reason) != (state, reason)
        if channel.state != state:
            channel.state_at = moment
        if not changed:
            return
        channel.state, channel.state_reason = state, reason
        channel.version += 1
        log.warning("channel_state", channel_id=channel.id, state=state, reason=reason)
        live.tell_state(channel.id)
        if before != state:
            for hook in on_state:
                hook(channel)
        if connected:
            held = "jobs.outbound.deliver_channel"
            on_commit(partial(enqueue, held, channel.id, queue="outbound"))


def note_answer(
    channel: Channel, connected: bool, reason: str | None, began: datetime, seen: datetime | None
) -> None:
    """Note what the provider answered to a call that began then, when the state was as old as
    `seen`: what was noted during the call is newer than the answer.
    """
    with atomic():
        db.session.refresh(channel, with_for_update={"key_share": True})
        if channel.state_at == seen:
            note_state(channel, connected, reason, began)


def note_inbound(channel: Channel) -> None:
    """Something arrived. Written at most every few seconds, after the commit, waiting for nobody:
    the channel's row must not make all messages queue up behind each other.
    """
    due = clock.now() - INBOUND_NOTED_EVERY
    if channel.last_inbound_at is None or channel.last_inbound_at < due:
        on_commit(partial(_write_inbound, channel.id, due))


def _write_inbound(channel_id: int, due: datetime) -> None:
    free = (
        select(Channel.id)
        .where(
            Channel.id == channel_id,
            or_(Channel.last_inbound_at.is_(None), Channel.last_inbound_at < due),
        )
        .with_for_update(key_share=True, skip_locked=True)
    )
    with atomic():
        noted = db.session.scalar(
            update(Channel)
            .where(Channel.id.in_(free))
            .values(last_inbound_at=clock.now(), version=Channel.version + 1)
            .returning(Channel.id)
            .execution_options(synchronize_session=False)
        )
        if noted:
            on_commit(partial(directory.noted, channel_id, clock.now()))
            usual.note(channel_id, clock.now())
            on_commit(partial(live.channel_changed, channel_id), once=("channel", channel_id))
