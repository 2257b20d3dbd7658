"""Open or closed, and how much of a stretch counts: for any hours, any zone and any moment."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.business_time import (
    WHOLE_DAY,
    Calendar,
    after_minutes,
    business_minutes_between,
    closed_since,
    next_closing,
    next_opening,
    open_at,
)

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
OFFICE = ((480, 720), (780, 1080))
WEEKDAYS = Calendar("America/Sao_Paulo", (OFFICE,) * 5 + ((),) * 2, {date(2026, 11, 20): ()})
ZONES = ("America/Sao_Paulo", "America/New_York", "Europe/Lisbon", "UTC")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SAO_PAULO).astimezone(UTC)


@st.composite
def days(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    quarters = draw(st.lists(st.integers(0, 96), max_size=6, unique=True))
    bounds = sorted(quarters)[: len(quarters) // 2 * 2]
    return tuple((a * 15, b * 15) for a, b in zip(bounds[::2], bounds[1::2], strict=True))


calendars = st.builds(
    Calendar,
    st.sampled_from(ZONES),
    st.tuples(*[days()] * 7),
    st.dictionaries(st.dates(date(2026, 10, 20), date(2026, 11, 20)), days(), max_size=3),
)
# Around the ends of summer time in both hemispheres.
START = datetime(2026, 10, 20, tzinfo=UTC)
moments = st.integers(0, 31 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
cheap = settings(max_examples=60, deadline=None)


@cheap
@given(calendars, moments, moments, moments)
def test_what_counts_adds_up(calendar: Calendar, a: datetime, b: datetime, c: datetime) -> None:
    first, second, third = sorted((a, b, c))
    whole = business_minutes_between(calendar, first, third)
    parts = [
        business_minutes_between(calendar, x, y) for x, y in ((first, second), (second, third))
    ]
    assert whole == pytest.approx(sum(parts))
    assert 0 <= whole <= (third - first) / timedelta(minutes=1) + 1e-6
    assert business_minutes_between(calendar, third, first) == 0


@cheap
@given(calendars, moments, st.integers(1, 5000))
def test_after_so_many_minutes_so_many_have_passed(
    calendar: Calendar, start: datetime, minutes: int
) -> None:
    end = after_minutes(calendar, start, minutes)
    if end is None:
        assert not any(calendar.week) or minutes > 50
        return
    assert business_minutes_between(calendar, start, end) == pytest.approx(minutes)
    just_before = end - timedelta(seconds=1)
    assert business_minutes_between(calendar, start, just_before) < minutes


@cheap
@given(calendars, moments)
def test_it_opens_when_it_says_and_nothing_counts_before(
    calendar: Calendar, moment: datetime
) -> None:
    opening = next_opening(calendar, moment)
    assert open_at(calendar, moment) == (opening == moment)
    if opening is None:
        assert not any(calendar.week)
        return
    assert open_at(calendar, opening)
    assert business_minutes_between(calendar, moment, opening) == 0
    closing = next_closing(calendar, opening)
    if closing is not None:
        assert not open_at(calendar, closing)
        whole = (closing - opening) / timedelta(minutes=1)
        assert business_minutes_between(calendar, opening, closing) == pytest.approx(whole)


@cheap
@given(calendars, moments)
def test_a_closed_time_has_one_beginning(calendar: Calendar, moment: datetime) -> None:
    since = closed_since(calendar, moment)
    assert (since is None) == open_at(calendar, moment)
    if since is None:
        return
    assert business_minutes_between(calendar, since, moment) == 0
    opening = next_opening(calendar, moment)
    if any(calendar.week) and opening is not None:
        between = since + (opening - since) / 2
        assert closed_since(calendar, between) == since


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-18 07:59", "2026-11-18 08:00"),
        ("2026-11-18 08:00", "2026-11-18 08:00"),
        ("2026-11-18 12:00", "2026-11-18 13:00"),
        ("2026-11-19 18:00", "2026-11-23 08:00"),  # a holiday and a weekend lie between
    ],
)
def test_an_office_with_a_lunch_and_a_holiday(now: str, opens: str) -> None:
    assert next_opening(WEEKDAYS, at(now)) == at(opens)


def test_a_night_shift_is_one_stretch() -> None:
    night = Calendar("America/Sao_Paulo", (((0, 360), (1320, 1440)),) * 7)
    assert next_closing(night, at("2026-11-18 23:00")) == at("2026-11-19 06:00")
    assert next_closing(Calendar("UTC", (WHOLE_DAY,) * 7), at("2026-11-18 23:00")) is None
    assert closed_since(WEEKDAYS, at("2026-11-22 10:00")) == at("2026-11-19 18:00")
    assert next_opening(Calendar("UTC", ((),) * 7), at("2026-11-18 23:00")) is None
