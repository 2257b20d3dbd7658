"""What silence is usual for a channel at this hour of this weekday, learnt from its own weeks.

Each hour keeps which of its twelve slots of five minutes brought something. The usual silence of an
hour is the longest run without anything that touched it, in the middle of the last weeks' ones; one
bad day or a holiday changes little.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median_low

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app import clock
from app.channels.models import ChannelHour
from app.extensions import db
from app.transactions import atomic

SLOT = timedelta(minutes=5)
SLOTS = 12  # of an hour
WEEKS = 8
ENOUGH = 4  # fewer weeks say nothing yet
LEAST = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Usual:
    """In so many weeks, at this hour of this weekday; no silence while they are too few."""

    weeks: int
    silence: timedelta | None

    @property
    def limit(self) -> timedelta | None:
        """From how long on a silence is suspicious: twice the usual one."""
        return max(2 * self.silence, LEAST) if self.silence is not None else None


def note(channel_id: int, at: datetime) -> None:
    """Something arrived at this time; in the transaction under way."""
    slot = 1 << (at.minute // 5)
    new = insert(ChannelHour).values(channel_id=channel_id, hour=_hour(at), slots=slot)
    merged = {"slots": ChannelHour.slots.op("|")(slot)}
    db.session.execute(
        new.on_conflict_do_update(index_elements=["channel_id", "hour"], set_=merged)
    )


def read(channel_id: int, at: datetime, opens: int, closes: int) -> Usual:
    """What is usual around this time, between these hours of the company's day."""
    local = at.astimezone(clock.COMPANY_ZONE)
    days = [local.date() - timedelta(weeks=week) for week in range(1, WEEKS + 1)]
    heard = _heard(channel_id, days)
    silences = [
        found
        for day in days
        if (found := longest_silence(heard.get(day, {}), local.hour, opens, closes)) is not None
    ]
    if len(silences) < ENOUGH:
        return Usual(len(silences), None)
    return Usual(len(silences), SLOT * median_low(silences))


def longest_silence(slots: dict[int, int], hour: int, opens: int, closes: int) -> int | None:
    """The slots of the longest silence that touched an hour of a day; None when nothing came all
    day, which is a holiday or an outage. One more than the empty ones: it began within a slot.
    """
    if not any(slots.get(one) for one in range(opens, closes)):
        return None
    longest = run = 0
    touches = False
    for at in range(opens * SLOTS, closes * SLOTS):
        if slots.get(at // SLOTS, 0) >> (at % SLOTS) & 1:
            run, touches = 0, False
            continue
        run += 1
        touches = touches or at // SLOTS == hour
        if touches:
            longest = max(longest, run)
    return longest + 1


def forget_old() -> None:
    """Delete what no week looks at any more."""
    with atomic():
        before = clock.now() - timedelta(weeks=WEEKS + 1)
        db.session.execute(delete(ChannelHour).where(ChannelHour.hour < before))


def _heard(channel_id: int, days: Sequence[date]) -> dict[date, dict[int, int]]:
    local = func.timezone(clock.COMPANY_ZONE.key, ChannelHour.hour)
    query = select(local, ChannelHour.slots).where(
        ChannelHour.channel_id == channel_id,
        ChannelHour.hour >= clock.now() - timedelta(weeks=WEEKS, days=1),
        func.date(local).in_(days),
    )
    found: dict[date, dict[int, int]] = {}
    for moment, slots in db.session.execute(query):
        found.setdefault(moment.date(), {})[moment.hour] = slots
    return found


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
