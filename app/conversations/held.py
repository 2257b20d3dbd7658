"""What waited so long for its channel that a person decides whether it still leaves."""

from datetime import timedelta

from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.channels import live as channel_live
from app.channels.models import Channel
from app.channels.watching import HELD_ASKS, HELD_MINUTES
from app.company import service as company
from app.conversations.models import OutboxEntry
from app.extensions import db
from app.live import region, touch
from app.transactions import atomic, on_commit


def awaits_choice() -> ColumnElement[bool]:
    """On the outbox joined with its channel: due long before the channel came back.

    Nobody has said since that it may leave.
    """
    limit = timedelta(minutes=company.get(HELD_MINUTES))
    return and_(
        literal(company.get(HELD_ASKS)),
        OutboxEntry.state == "queued",
        Channel.state == "connected",
        OutboxEntry.next_try_at < Channel.state_at - limit,
        or_(Channel.held_released_at.is_(None), Channel.held_released_at < Channel.state_at),
    )


def recount(channel_id: int) -> None:
    """Write down how many messages of a channel wait for a decision: the banner says it."""
    waiting = (
        select(func.count())
        .select_from(OutboxEntry)
        .join(Channel, Channel.id == OutboxEntry.channel_id)
        .where(OutboxEntry.channel_id == channel_id, awaits_choice())
    )
    total = db.session.scalar(waiting) or 0
    with atomic() as session:
        changed = session.scalar(
            update(Channel)
            .where(Channel.id == channel_id, Channel.held_count != total)
            .values(held_count=total, version=Channel.version + 1)
            .returning(Channel.id)
            .execution_options(synchronize_session=False)
        )
        if changed is not None:
            session.expire_all()
            channel_live.tell_state(channel_id)
            on_commit(lambda: touch(channel_live.ROOM, f"held:{channel_id}"))


def version(channel_id: int) -> Select[tuple[str]]:
    """What tells one state of the list from the next: which messages are in it."""
    ids = func.string_agg(
        cast(OutboxEntry.id, Text), aggregate_order_by(literal(","), OutboxEntry.id)
    )
    return (
        select(func.md5(ids))
        .join(Channel, Channel.id == OutboxEntry.channel_id)
        .where(OutboxEntry.channel_id == channel_id, awaits_choice())
    )


@region("held")
def _held_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    may = db.session.get_one(User, user_id).can(Permission.CHANNELS_VIEW)
    return version(int(argument)) if may and argument.isdecimal() and len(argument) < 10 else None
