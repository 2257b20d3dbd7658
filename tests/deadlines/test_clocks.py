"""Arithmetic of deadlines, and whose time was whose."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.business_time import Calendar
from app.deadlines import clocks
from app.deadlines.policies import Policy
from app.deadlines.times import Entry, times_of

OFFICE = Calendar("America/Sao_Paulo", (((480, 720), (780, 1080)),) * 5 + ((),) * 2)
START = datetime(2026, 11, 18, 13, tzinfo=UTC)  # a Wednesday, 10:00 in São Paulo
MINUTE = timedelta(minutes=1)
cheap = settings(max_examples=50, deadline=None)


@cheap
@given(
    st.sampled_from([None, OFFICE]),
    st.integers(0, 10_000),
    st.integers(1, 3000),
    st.integers(1, 99),
)
def test_one_is_warned_before_it_is_late_and_never_before_it_began(
    calendar: Calendar | None, after: int, minutes: int, percent: int
) -> None:
    since = START + after * MINUTE
    policy = Policy(first_minutes=minutes, warn_percent=percent)
    due = clocks.response_due(policy, "first", calendar, since)
    assert due is not None
    assert since <= due.warn_at <= due.due_at
    assert clocks.seconds_between(calendar, since, due.due_at) == minutes * 60
    states = [due.state_at(moment) for moment in (due.warn_at - MINUTE, due.warn_at, due.due_at)]
    assert states == sorted(states)
    assert states[-1] == clocks.LATE


@cheap
@given(st.sampled_from([None, OFFICE]), st.lists(st.integers(1, 2000), min_size=1, max_size=6))
def test_pauses_take_nothing_of_what_is_promised(
    calendar: Calendar | None, stretches: list[int]
) -> None:
    policy = Policy(resolution_minutes=6000)
    moment, spent = START, 0
    for at, stretch in enumerate(stretches):
        if at % 2 == 0:  # it runs, then pauses
            spent += clocks.seconds_between(calendar, moment, moment + stretch * MINUTE)
        moment += stretch * MINUTE
    due = clocks.resolution_due(policy, calendar, moment, spent)
    assert due is not None
    left = clocks.seconds_between(calendar, moment, due.due_at)
    assert left == pytest.approx(max(0, 6000 * 60 - spent), abs=1)


EVENTS = ["took_over", "handed_over", "returned_to_bot", "transferred", "released", "closed",
          "reopened", "closing_undone", "labelled"]  # fmt: skip


@cheap
@given(st.lists(st.tuples(st.integers(0, 500), st.sampled_from(EVENTS)), max_size=12))
def test_every_open_minute_is_somebodys_once(said: list[tuple[int, str]]) -> None:
    entries = [Entry(START + at * MINUTE, kind, {}) for at, kind in said]
    times = times_of(START, entries, START + 600 * MINUTE)
    assert all(one >= timedelta() for one in times)
    assert sum(times, timedelta()) <= 600 * MINUTE
    if not any(kind == "closed" for _, kind in said):
        assert sum(times, timedelta()) == 600 * MINUTE


def test_the_bots_time_the_lines_and_the_peoples() -> None:
    entries = [
        Entry(START + 10 * MINUTE, "handed_over", {}),
        Entry(START + 25 * MINUTE, "took_over", {}),
        Entry(START + 55 * MINUTE, "closed", {}),
    ]
    times = times_of(START, entries, START + 90 * MINUTE)
    assert times == (10 * MINUTE, 15 * MINUTE, 30 * MINUTE)


def test_a_consultants_time_is_the_peoples_and_the_wait_for_one_the_lines() -> None:
    entries = [
        Entry(START + 5 * MINUTE, "entered_line", {}),
        Entry(START + 15 * MINUTE, "handed_to_consultant", {}),
        Entry(START + 30 * MINUTE, "consultant_silent", {}),
        Entry(START + 35 * MINUTE, "handed_to_consultant", {}),
    ]
    times = times_of(START, entries, START + 60 * MINUTE)
    assert times == (5 * MINUTE, 15 * MINUTE, 40 * MINUTE)
