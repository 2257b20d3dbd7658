"""The lease of a channel's sender: one worker at a time, under a key of its own."""

from datetime import timedelta

from sqlalchemy import ColumnElement, or_, update

from app import clock
from app.channels.models import Channel
from app.extensions import current_settings
from app.transactions import atomic


def take(channel_id: int, key: str) -> bool:
    """Become the one sender, unless another worker is it and still holds on."""
    free = or_(Channel.sender_lease_until.is_(None), Channel.sender_lease_until < clock.now())
    return _update_channel(channel_id, free, key)


def hold(channel_id: int, key: str) -> bool:
    """Hold on for as long again; False when it was lost meanwhile."""
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


def give_back(channel_id: int, key: str) -> None:
    """Let another worker send."""
    with atomic() as session:
        session.execute(
            update(Channel)
            .where(Channel.id == channel_id, Channel.sender_lease_key == key)
            .values(sender_lease_until=None, sender_lease_key=None)
            .execution_options(synchronize_session=False)
        )
