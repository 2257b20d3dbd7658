"""Working hours: who is outside theirs at this moment."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app import clock
from app.company import memory
from app.consultants.models import Consultant
from app.extensions import db

Interval = Mapping[str, Any]


def off_hours() -> list[int]:
    """The ids of those who work by the clock and do not work now; asked before any lock."""
    return [one for one, hours in _known() if not within(hours, clock.now())]


def within(hours: Iterable[Interval], moment: datetime) -> bool:
    """Whether a moment lies in one of the week's intervals, in the company's zone."""
    local = moment.astimezone(clock.COMPANY_ZONE)
    now = local.strftime("%H:%M")
    return any(one["day"] == local.weekday() and one["from"] <= now < one["to"] for one in hours)


def _known() -> list[tuple[int, list[dict[str, Any]]]]:
    return memory.remember("consultant-hours", _read)


def _read() -> list[tuple[int, list[dict[str, Any]]]]:
    query = select(Consultant.id, Consultant.hours).where(
        Consultant.active, Consultant.hours.is_not(None)
    )
    return [(row.id, row.hours) for row in db.session.execute(query)]
