"""Everything the board shows, read in six statements however many consultants there are."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, cast, func, select

from app import clock
from app.board import live
from app.consultants import availability
from app.consultants import queries as roster
from app.consultants.models import Consultant, ConsultantQueue, HandOut
from app.extensions import db
from app.forwarding import queries as line
from app.forwarding.queries import Place

# Of each language, faces in the order of the turn; who comes later is a number.
MOST_FACES = 12
MOST_AWAY = 60
MOST_WAITING = 12
MOST_BARS = 15


@dataclass(frozen=True, slots=True)
class Seat:
    """One consultant: `why` they are passed over now ("" when they are not), and their day."""

    consultant: Consultant
    why: str
    open: int
    today: int

    @property
    def state(self) -> str:
        """online, busy, paused or offline, as the face shows it."""
        if self.why in {"capacity", "hours", "out_of_sequence"} and self.consultant.online:
            return "busy" if self.why == "capacity" else "paused"
        return self.consultant.state


@dataclass(frozen=True, slots=True)
class Row:
    """One language: who is next in order, who is passed over, and who waits."""

    language: str
    ready: list[Seat]
    away: list[Seat]
    waiting: list[Place]
    most: int  # hand-outs of today of whoever had most, over all languages

    @property
    def spread(self) -> tuple[int, int]:
        """The fewest and the most of today among those who are ready."""
        counts = [seat.today for seat in self.ready]
        return (min(counts), max(counts)) if counts else (0, 0)

    @property
    def is_fair(self) -> bool:
        """Nobody who is ready had two more than another."""
        least, most = self.spread
        return most - least <= 1


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole board at one moment, and the version of the region that shows it."""

    version: str
    rows: list[Row]
    seats: list[Seat]
    queue: ConsultantQueue
    last: HandOut | None
    waiting: list[Place]
    by_hour: dict[int, int] = field(default_factory=dict)

    def count(self, state: str) -> int:
        """How many consultants are online, paused or offline."""
        return sum(seat.consultant.state == state for seat in self.seats)

    @property
    def open(self) -> int:
        """Conversations that consultants have open."""
        return sum(seat.open for seat in self.seats)

    @property
    def today(self) -> int:
        """Hand-outs of today that were not undone."""
        return sum(self.by_hour.values())

    @property
    def busiest(self) -> list[Seat]:
        """Those with most hand-outs today, for the chart."""
        had = [seat for seat in self.seats if seat.today]
        return sorted(had, key=lambda seat: (-seat.today, seat.consultant.name))[:MOST_BARS]

    @property
    def hours(self) -> list[int]:
        """The hours of the chart, without a hole, up to now."""
        now = clock.now().astimezone(clock.COMPANY_ZONE).hour
        return list(range(min([*self.by_hour, max(0, now - 8)]), now + 1))


def read() -> Picture:
    """The board as it stands."""
    version = str(db.session.scalar(live.version()))
    seats = _seats()
    waiting = line.line()
    most = max((seat.today for seat in seats), default=0)
    return Picture(
        version=version,
        rows=[_row(language, seats, waiting, most) for language in _languages(seats, waiting)],
        seats=seats,
        queue=roster.queue(),
        last=roster.last_hand_out(),
        waiting=waiting,
        by_hour=_by_hour(),
    )


def _seats() -> list[Seat]:
    off_hours = set(availability.off_hours())
    opened = (
        select(HandOut.consultant_id, func.count().label("total"))
        .where(HandOut.conversation_id.is_not(None), HandOut.released_at.is_(None))
        .group_by(HandOut.consultant_id)
        .subquery()
    )
    today = (
        select(HandOut.consultant_id, func.count().label("total"))
        .where(HandOut.made_at >= _midnight(), HandOut.undone_at.is_(None))
        .group_by(HandOut.consultant_id)
        .subquery()
    )
    query: Any = (
        select(Consultant, func.coalesce(opened.c.total, 0), func.coalesce(today.c.total, 0))
        .outerjoin(opened, opened.c.consultant_id == Consultant.id)
        .outerjoin(today, today.c.consultant_id == Consultant.id)
        .where(Consultant.active)
        .order_by(Consultant.turn, Consultant.id)
    )
    return [
        Seat(consultant, _why(consultant, has, off_hours), has, had)
        for consultant, has, had in db.session.execute(query)
    ]


def _why(consultant: Consultant, has: int, off_hours: set[int]) -> str:
    # In the order in which the turn itself asks (the function take_turn of the database).
    if not consultant.in_sequence:
        return "out_of_sequence"
    if not consultant.online:
        return consultant.state
    if consultant.id in off_hours:
        return "hours"
    if consultant.capacity is not None and has >= consultant.capacity:
        return "capacity"
    return ""


def _languages(seats: list[Seat], waiting: list[Place]) -> list[str]:
    """Each language once, however its letters are written: the busiest lines first."""
    written: dict[str, str] = {}
    lengths: dict[str, int] = {}
    for place in waiting:
        written.setdefault(place.waiting.language.lower(), place.waiting.language)
        key = place.waiting.language.lower()
        lengths[key] = lengths.get(key, 0) + 1
    speakers: dict[str, int] = {}
    for seat in seats:
        for tag in seat.consultant.languages:
            written.setdefault(tag.lower(), tag)
            speakers[tag.lower()] = speakers.get(tag.lower(), 0) + 1
    return [written[key] for key in sorted(written, key=lambda one: (-speakers.get(one, 0), one))]


def _row(language: str, seats: list[Seat], waiting: list[Place], most: int) -> Row:
    key = language.lower()
    here = [seat for seat in seats if key in (tag.lower() for tag in seat.consultant.languages)]
    return Row(
        language=language,
        ready=[seat for seat in here if not seat.why],
        away=[seat for seat in here if seat.why],
        waiting=[place for place in waiting if place.waiting.language.lower() == key],
        most=most,
    )


def _by_hour() -> dict[int, int]:
    local = func.timezone(str(clock.COMPANY_ZONE), HandOut.made_at)
    hour = cast(func.extract("hour", local), Integer)
    query = select(hour, func.count()).where(
        HandOut.made_at >= _midnight(), HandOut.undone_at.is_(None)
    )
    return {row[0]: row[1] for row in db.session.execute(query.group_by(hour))}


def _midnight() -> datetime:
    return clock.now().astimezone(clock.COMPANY_ZONE).replace(
        hour=0, minute=0, second=0, microsecond=0
    )  # fmt: skip
