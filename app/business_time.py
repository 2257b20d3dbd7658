"""What the clock says by a calendar: open or not, until when, how much of a stretch counts.

Pure functions. Moments are aware; hours are those of the calendar's own zone, whatever the season
does to it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# Minutes of the day, the end not included: (480, 720) is 08:00 to 12:00, 1440 the end of the day.
Interval = tuple[int, int]
Day = tuple[Interval, ...]
Span = tuple[datetime, datetime]

WHOLE_DAY: Day = ((0, 1440),)
# Whoever opens no more within this is taken to be closed for good.
HORIZON = timedelta(days=400)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Hours of each weekday (Monday first), and days that have others; an empty day is closed."""

    zone: str
    week: tuple[Day, ...]
    days: Mapping[date, Day] = field(default_factory=dict)

    def of(self, day: date) -> Day:
        """The hours of one day."""
        found = self.days.get(day)
        return self.week[day.weekday()] if found is None else found


def open_at(calendar: Calendar, moment: datetime) -> bool:
    """Whether people attend at that moment."""
    return any(start <= moment < end for start, end in _spans_of(calendar, _day(calendar, moment)))


def next_opening(calendar: Calendar, moment: datetime) -> datetime | None:
    """The moment itself when open, else when it opens next; None when that is not in sight."""
    for start, end in _spans(calendar, moment):
        if end > moment:
            return max(start, moment)
    return None


def next_closing(calendar: Calendar, moment: datetime) -> datetime | None:
    """Until when it is open; None when it is closed now, or never closes."""
    for start, end in _spans(calendar, moment):
        if end > moment:
            never = end - moment >= HORIZON - timedelta(days=2)
            return None if start > moment or never else end
    return None


def closed_since(calendar: Calendar, moment: datetime) -> datetime | None:
    """When the closed time began in which the moment lies; None when it is open.

    What was never open within the horizon is closed since then.
    """
    if open_at(calendar, moment):
        return None
    day, first = _day(calendar, moment), _day(calendar, moment - HORIZON)
    while day >= first:
        ends = [end for _, end in _spans_of(calendar, day) if end <= moment]
        if ends:
            return max(ends)
        day -= timedelta(days=1)
    return moment - HORIZON


def business_minutes_between(calendar: Calendar, start: datetime, end: datetime) -> float:
    """How many open minutes lie between two moments; 0 when the end is not after the start."""
    total, day = timedelta(), _day(calendar, start)
    last = _day(calendar, end)
    while day <= last:
        for opens, closes in _spans_of(calendar, day):
            total += max(timedelta(), min(closes, end) - max(opens, start))
        day += timedelta(days=1)
    return total / MINUTE


def after_minutes(calendar: Calendar, start: datetime, minutes: float) -> datetime | None:
    """When so many open minutes have passed; None when that is not in sight."""
    left = minutes * MINUTE
    for opens, closes in _spans(calendar, start):
        began = max(opens, start)
        if closes <= began:
            continue
        if closes - began >= left:
            return began + left
        left -= closes - began
    return None


def _day(calendar: Calendar, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(calendar.zone)).date()


def _spans_of(calendar: Calendar, day: date) -> list[Span]:
    """The hours of a day as moments."""
    zone = ZoneInfo(calendar.zone)
    midnight = datetime.combine(day, time())
    return [
        (
            (midnight + opens * MINUTE).replace(tzinfo=zone).astimezone(UTC),
            (midnight + closes * MINUTE).replace(tzinfo=zone).astimezone(UTC),
        )
        for opens, closes in calendar.of(day)
    ]


def _spans(calendar: Calendar, start: datetime) -> Iterator[Span]:
    """Stretches of open time from the day of `start` on; what touches is one stretch."""
    day, last = _day(calendar, start), _day(calendar, start + HORIZON)
    held: Span | None = None
    while day <= last:
        for opens, closes in _spans_of(calendar, day):
            if held is not None and opens <= held[1]:
                held = (held[0], max(held[1], closes))
                continue
            if held is not None:
                yield held
            held = (opens, closes)
        day += timedelta(days=1)
    if held is not None:
        yield held
