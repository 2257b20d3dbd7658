"""A week's working hours as people write them: "08:00-12:00, 13:30-18:00" for each day. Pure.

Kept as `app.business_time` wants them: for each weekday, Monday first, minutes of the day.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from flask_babel import gettext as _

from app.errors import GuicheError

Week = list[list[list[int]]]

_INTERVAL = re.compile(
    r"([01]?\d|2[0-4])(?:[:h]([0-5]\d))?h?\s*(?:-|–|às|as|a)\s*([01]?\d|2[0-4])(?:[:h]([0-5]\d))?h?"
)
_BETWEEN = re.compile(r"\s*(?:,|;|\be\b)\s*")
MOST_OF_A_DAY = 6
DAYS = ("seg", "ter", "qua", "qui", "sex", "sáb", "dom")


def read_day(text: str) -> list[list[int]]:
    """The intervals of one day; raises GuicheError when they are none, or overlap."""
    found = [_interval(part) for part in _BETWEEN.split(text.strip()) if part]
    ordered = sorted(found)
    crossed = any(other[0] < one[1] for one, other in pairwise(ordered))
    if len(ordered) > MOST_OF_A_DAY or crossed:
        raise GuicheError(
            _("Os horários de um dia não se cruzam: “%(text)s”.", text=text[:60]), 422
        )
    return ordered


def read_week(days: Sequence[str]) -> Week | None:
    """Seven days, Monday first; None (always) when all are empty."""
    week = [read_day(day) for day in days]
    return week if any(week) else None


def read_line(text: str) -> Week | None:
    """A whole week in one cell: "seg 08:00-12:00, 13:00-18:00; ter 08:00-12:00"."""
    days = [""] * 7
    for part in filter(None, (each.strip() for each in text.split(";"))):
        name, _space, hours = part.partition(" ")
        known = name.lower().rstrip(".:").replace("sab", "sáb")[:3]
        if known not in DAYS:
            raise GuicheError(_("“%(text)s” não é um dia: use seg, ter, qua…", text=name[:20]), 422)
        days[DAYS.index(known)] = hours
    return read_week(days)


def day_text(day: Sequence[Sequence[int]]) -> str:
    """One day as it is typed."""
    return ", ".join(f"{_clock(start)}-{_clock(end)}" for start, end in day)


def line_text(week: Week | None) -> str:
    """A week in one cell."""
    days = zip(DAYS, week or [], strict=False)
    return "; ".join(f"{name} {day_text(day)}" for name, day in days if day)


def _interval(text: str) -> list[int]:
    found = _INTERVAL.fullmatch(text.strip())
    if found is not None:
        start = int(found[1]) * 60 + int(found[2] or 0)
        end = int(found[3]) * 60 + int(found[4] or 0)
        if start < end <= 1440:
            return [start, end]
    raise GuicheError(
        _("“%(text)s” não é um horário. Escreva como 08:00-18:00.", text=text[:40]), 422
    )


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
