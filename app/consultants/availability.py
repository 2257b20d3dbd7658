"""Working hours: who is outside theirs at this moment."""

from sqlalchemy import select

from app import clock
from app.business_time import Calendar, open_at
from app.company import memory
from app.consultants.models import Consultant
from app.consultants.week import Week
from app.extensions import db


def off_hours() -> list[int]:
    """The ids of those who work by the clock and do not work now; asked before any lock."""
    now = clock.now()
    return [one for one, calendar in _known() if not open_at(calendar, now)]


def calendar_of(week: Week) -> Calendar:
    """A consultant's week in the company's zone."""
    days = tuple(tuple((start, end) for start, end in day) for day in week)
    return Calendar(clock.COMPANY_ZONE.key, days)


def _known() -> list[tuple[int, Calendar]]:
    return memory.remember("consultant-hours", _read)


def _read() -> list[tuple[int, Calendar]]:
    query = select(Consultant.id, Consultant.hours).where(
        Consultant.active, Consultant.hours.is_not(None)
    )
    rows = db.session.execute(query)
    return [(row.id, calendar_of(row.hours)) for row in rows if row.hours is not None]
