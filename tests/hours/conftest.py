"""A desk in a known week: Wednesday 18 November 2026, 10:00 in São Paulo."""

from datetime import datetime, timedelta

import pytest

from app import clock
from app.hours import service
from app.hours.known import COMPANY, Scope
from app.hours.service import Wanted
from tests.cast import Cast
from tests.telling import person

OFFICE = ((480, 720), (780, 1080))
WEEK = (OFFICE,) * 5 + ((),) * 2


def set_clock(text: str) -> None:
    """The time in São Paulo: "2026-11-18 10:00"."""
    there = datetime.fromisoformat(text).replace(tzinfo=clock.COMPANY_ZONE)
    clock.shift(timedelta())
    clock.shift(there - clock.now())


def office_hours(cast: Cast, scope: Scope = COMPANY, **others: str) -> None:
    """Monday to Friday from 8 to 12 and from 13 to 18."""
    service.save_hours(person(cast.gisele), scope, Wanted("week", week=WEEK, **others))


@pytest.fixture
def office(cast: Cast, context: None) -> None:
    """The company has office hours, and it is Wednesday morning."""
    set_clock("2026-11-18 10:00")
    office_hours(cast)
