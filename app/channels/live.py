"""What channels announce to the screens."""

from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Select, Text, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app import live
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.channels.models import Channel
from app.company import memory
from app.extensions import db
from app.transactions import on_commit

INBOX = "inbox"
ROOM = "channels"


def channel_changed(channel_id: int) -> None:
    """A channel's row on the channels page."""
    channel = db.session.get_one(Channel, channel_id)
    live.push(ROOM, "channels/live/channel_changed.html", channel=channel)


def state_changed(channel_id: int) -> None:
    """Also the banner over the inbox, which names the channels that are disconnected."""
    channel_changed(channel_id)
    live.push(INBOX, "channels/live/banner_changed.html", **banner())


class InTrouble(NamedTuple):
    """What the banner says of one channel."""

    id: int
    name: str
    state: str
    state_at: datetime | None
    held_count: int
    quiet_since: datetime | None
    quiet_reason: str | None


def banner() -> dict[str, object]:
    """What the banner needs, from memory: channels in trouble, the version of what it says."""
    return memory.remember("banner", _read_banner)


def _read_banner() -> dict[str, object]:
    columns = [getattr(Channel, name) for name in InTrouble._fields]
    found = db.session.execute(
        select(_what_the_banner_says().scalar_subquery(), *columns)
        .where(*_in_trouble())
        .order_by(Channel.state_at, Channel.id)
    ).all()
    version = found[0][0] if found else ""
    return {"down": [InTrouble(*row[1:]) for row in found], "version": version}


def tell_state(channel_id: int) -> None:
    """After the commit the channel's row and the banner are new on all screens."""
    memory.forget()
    on_commit(partial(state_changed, channel_id), once=("channel-state", channel_id))


def _what_the_banner_says() -> Select[tuple[str]]:
    """Who is disconnected since when, as one text; the channels' versions rise with every burst of
    messages too, and every page would ask for its banner again.
    """
    since = cast(func.extract("epoch", Channel.state_at), Text)
    quiet = cast(func.extract("epoch", Channel.quiet_since), Text)
    found = Channel.state + "@" + func.coalesce(since, "") + "@" + func.coalesce(quiet, "")
    held = cast(Channel.held_count, Text)
    line = cast(Channel.id, Text) + "@" + found + "@" + held + " " + Channel.name
    joined = func.string_agg(line, aggregate_order_by(literal(","), Channel.id))
    return select(joined).where(*_in_trouble())


def _in_trouble() -> tuple[Any, ...]:
    """Disconnected, with messages that wait for a decision, or suspiciously silent."""
    trouble = or_(
        Channel.state == "disconnected", Channel.held_count > 0, Channel.quiet_since.is_not(None)
    )
    return Channel.active, trouble


def _may(user_id: int, permission: Permission) -> bool:
    return db.session.get_one(User, user_id).can(permission)


@live.region("channels")
def _channels_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    if argument == "all":
        return _what_the_banner_says() if _may(user_id, Permission.CONVERSATIONS_VIEW) else None
    if not _may(user_id, Permission.CHANNELS_VIEW):
        return None
    rows = cast(Channel.id, Text) + ":" + cast(Channel.version, Text)
    return select(func.string_agg(rows, aggregate_order_by(literal(","), Channel.id)))


@live.region("channel")
def _channel_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    may = _may(user_id, Permission.CHANNELS_VIEW)
    if not (may and argument.isdecimal() and len(argument) < 10):
        return None
    version: Any = cast(Channel.version, Text)
    return select(version).where(Channel.id == int(argument))
