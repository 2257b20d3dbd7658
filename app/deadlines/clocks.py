"""The two clocks of a conversation as pure arithmetic: when due, when to warn, how much ran.

A clock counts the minutes of a calendar, or without one those of the clock on the wall.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.business_time import Calendar, after_minutes, business_minutes_between
from app.deadlines.policies import Policy

ON_TIME, NEAR, LATE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides about the clocks of a conversation."""

    is_open: bool
    is_elsewhere: bool  # with the bot, or with a consultant outside the desk
    waiting_since: datetime | None
    is_answered: bool  # by a person, since it was opened
    is_snoozed: bool


@dataclass(frozen=True, slots=True)
class Due:
    """When a running clock ends, and when it comes near that."""

    due_at: datetime
    warn_at: datetime

    def state_at(self, now: datetime) -> int:
        """On time, near or late."""
        if now >= self.due_at:
            return LATE
        return NEAR if now >= self.warn_at else ON_TIME


def response_kind(facts: Facts, policy: Policy | None) -> str | None:
    """Which answer a person owes: "first", "next", or none that was promised."""
    if policy is None or not _runs(facts) or facts.waiting_since is None:
        return None
    kind = "next" if facts.is_answered else "first"
    return kind if _target(policy, kind) else None


def _target(policy: Policy, kind: str) -> int | None:
    return policy.first_minutes if kind == "first" else policy.next_minutes


def _runs(facts: Facts) -> bool:
    """What is with the bot, or attended outside the desk, makes no clock of a person run."""
    return facts.is_open and not facts.is_elsewhere


def response_due(
    policy: Policy, kind: str, calendar: Calendar | None, since: datetime
) -> Due | None:
    """When the answer to who waits since then is due; None when that is not in sight."""
    return _due(calendar, since, _target(policy, kind) or 0, policy.warn_percent, 0)


def resolution_runs(facts: Facts, policy: Policy | None) -> bool:
    """Whether the end's clock runs now, or stands still."""
    if policy is None or not policy.resolution_minutes or not _runs(facts):
        return False
    waits_for_customer = policy.pauses_waiting and facts.waiting_since is None
    return not waits_for_customer and not (policy.pauses_snoozed and facts.is_snoozed)


def resolution_due(
    policy: Policy, calendar: Calendar | None, since: datetime, spent_seconds: int
) -> Due | None:
    """When it is to be over, if it runs since then and ran for so long before."""
    return _due(
        calendar, since, policy.resolution_minutes or 0, policy.warn_percent, spent_seconds / 60
    )


def seconds_between(calendar: Calendar | None, start: datetime, end: datetime) -> int:
    """How much of a stretch counts."""
    if calendar is None:
        return max(0, round((end - start).total_seconds()))
    return round(business_minutes_between(calendar, start, end) * 60)


def _due(
    calendar: Calendar | None, since: datetime, minutes: int, percent: int, spent: float
) -> Due | None:
    due = _after(calendar, since, minutes - spent)
    warn = _after(calendar, since, minutes * percent / 100 - spent)
    return Due(due, min(due, warn or due)) if due is not None else None


def _after(calendar: Calendar | None, since: datetime, minutes: float) -> datetime | None:
    if minutes <= 0:
        return since
    if calendar is None:
        return since + timedelta(minutes=minutes)
    return after_minutes(calendar, since, minutes)
