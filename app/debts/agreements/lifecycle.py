"""The life of an agreement (§6.8): which state follows which, and what a day brings. Pure.

accepted → effective → fulfilled; out of them by refused, expired, cancelled, broken. It is
effective only when its entry is paid: until then the original debt and its charges stand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.words import N_


class State(StrEnum):
    """Where an agreement stands. What comes before it was accepted is the offer's."""

    ACCEPTED = "accepted"
    EFFECTIVE = "effective"
    FULFILLED = "fulfilled"
    REFUSED = "refused"  # the debt had changed when it was accepted
    EXPIRED = "expired"  # the entry was never paid
    CANCELLED = "cancelled"
    BROKEN = "broken"


STATE_NAMES = {
    State.ACCEPTED: N_("Aceito"),
    State.EFFECTIVE: N_("Efetivado"),
    State.FULFILLED: N_("Cumprido"),
    State.REFUSED: N_("Recusado"),
    State.EXPIRED: N_("Expirado"),
    State.CANCELLED: N_("Cancelado"),
    State.BROKEN: N_("Quebrado"),
}
ACTIVE = (State.ACCEPTED, State.EFFECTIVE)
FOLLOWS: dict[State, frozenset[State]] = {
    State.ACCEPTED: frozenset({State.EFFECTIVE, State.REFUSED, State.EXPIRED, State.CANCELLED}),
    State.EFFECTIVE: frozenset({State.FULFILLED, State.BROKEN, State.CANCELLED}),
}
BREACH_DAYS = 10  # calendar days after `payable_until` (POLICY)
ENTRY_GRACE = 3  # calendar days in which a bank may still report an entry that was paid in time
REMINDER_DAYS = 3
LATE_DAYS = 3


def may_follow(now: State, then: State) -> bool:
    """Whether an agreement may go from one state to the other."""
    return then in FOLLOWS.get(now, frozenset())


@dataclass(frozen=True, slots=True)
class Instalment:
    """What is due: 0 is the entry. `noticed` says that the notice of breach was given."""

    number: int
    due: date
    payable_until: date
    amount: int
    paid_on: date | None = None
    reminded: bool = False
    chased: bool = False
    noticed: date | None = None


class Act(StrEnum):
    """What has to be done."""

    BECOME = "become"  # go to `state`
    REMIND = "remind"
    CHASE = "chase"  # ask what became of a payment that did not come
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, about one instalment where it is about one."""

    act: Act
    state: State | None = None
    number: int | None = None


def next_steps(state: State, today: date, instalments: Sequence[Instalment]) -> list[Step]:
    """What has to happen on a day; empty when nothing has. Safe to ask twice."""
    rows = sorted(instalments, key=lambda one: one.number)
    if not rows or state not in ACTIVE:
        return []
    if state is State.ACCEPTED:
        return _accepted(today, rows[0])
    if all(one.paid_on for one in rows):
        return [Step(Act.BECOME, State.FULFILLED)]
    return _effective(today, [one for one in rows if not one.paid_on])


def _accepted(today: date, entry: Instalment) -> list[Step]:
    """Paid, it is in force; never paid, it is not, whatever was accepted."""
    if entry.paid_on:
        return [Step(Act.BECOME, State.EFFECTIVE)]
    if today > entry.payable_until + timedelta(days=ENTRY_GRACE):
        return [Step(Act.BECOME, State.EXPIRED, entry.number)]
    return _reminder(today, entry)


def _effective(today: date, unpaid: Sequence[Instalment]) -> list[Step]:
    steps: list[Step] = []
    for one in unpaid:
        late = (today - one.payable_until).days
        if late >= BREACH_DAYS and one.noticed is None:
            steps.append(Step(Act.NOTICE, number=one.number))
        elif late >= BREACH_DAYS and one.noticed is not None and one.noticed < today:
            return [Step(Act.BECOME, State.BROKEN, one.number)]
        elif LATE_DAYS <= late < BREACH_DAYS and not one.chased:
            steps.append(Step(Act.CHASE, number=one.number))
        else:
            steps += _reminder(today, one)
    return steps


def _reminder(today: date, one: Instalment) -> list[Step]:
    ahead = (one.due - today).days
    if one.reminded or not 0 <= ahead <= REMINDER_DAYS:
        return []
    return [Step(Act.REMIND, number=one.number)]


def broken_on(one: Instalment) -> date:
    """Until when an unpaid instalment may still be saved."""
    return one.payable_until + timedelta(days=BREACH_DAYS)
