"""What each contract owes on a day: corrected principal, fine and interest of what is overdue."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from app.debts.engine.calendar import NATIONAL, BankCalendar
from app.debts.engine.charges import Start
from app.debts.engine.money import half_up
from app.debts.engine.months import month_of
from app.debts.portfolio.columns import MILLION, SAFE, UNKNOWN, Columns, Factors, Flags, Ints, Small

EPOCH = date(1970, 1, 1)
_HALF_SCALE = 100_000  # 10^5: a factor is multiplied in two halves


@dataclass(frozen=True)
class Balances:
    """By contract, in cents: what is overdue, and of those that owe what is still to come.

    `current` is the median of the next three monthlies, -1 when there are none.
    """

    principal: Ints
    fine: Ints
    interest: Ints
    late_rows: Ints
    months_remaining: Ints
    future_monthlies: Ints
    current: Ints
    oldest: Ints

    @property
    def total(self) -> Ints:
        """T = P + M + J."""
        total: Ints = self.principal + self.fine + self.interest
        return total


def corrected(value: Ints, factor: Ints, floor: bool = True) -> Ints:
    """`r(value × F)`, exact: the factor's halves keep each product below 2**63."""
    high, low = np.divmod(factor, _HALF_SCALE)
    part = value * high + value * low // _HALF_SCALE
    found: Ints = (part + _HALF_SCALE // 2) // _HALF_SCALE
    return np.maximum(found, value) if floor else found


def late_days(due: Small, day: date, start: Start, calendar: BankCalendar) -> NDArray[np.int32]:
    """Days of delay of each due date: nothing until its business day."""
    now = (day - EPOCH).days
    first, last = int(due.min()), int(due.max())
    table = np.zeros(last - first + 1, np.int32)
    for number in range(first, min(last, now) + 1):
        until = (calendar.payable_until(EPOCH + timedelta(days=number)) - EPOCH).days
        if now > until:
            table[number - first] = now - (until if start == Start.SHIFTED else number)
    found: NDArray[np.int32] = table[due - first]
    return found


def simple_interest(base: Ints, rate: Ints, days: Ints) -> Ints:
    """`r(base × rate × days / 30)`, exact beyond 2**63 too."""
    with np.errstate(over="ignore"):
        product = 2 * base * rate * days
        found: Ints = (product + 30 * MILLION) // (60 * MILLION)
    risky = 2.0 * base.astype(np.float64) * rate * days > SAFE
    for row in np.flatnonzero(risky).tolist():
        found[row] = half_up(int(base[row]) * int(rate[row]) * int(days[row]), 30 * MILLION)
    return found


def _per_contract(columns: Columns, rows: Ints) -> tuple[Ints, Ints]:
    """Where each contract's part of chosen rows begins and ends."""
    return np.searchsorted(rows, columns.starts), np.searchsorted(rows, columns.ends)


def _sums(values: Ints, begin: Ints, end: Ints) -> Ints:
    running = np.concatenate([np.zeros(1, np.int64), np.cumsum(values)])
    found: Ints = running[end] - running[begin]
    return found


def balances(
    columns: Columns,
    factors: Factors,
    day: date,
    *,
    floor: bool = True,
    start: Start = Start.ORIGINAL,
    calendar: BankCalendar = NATIONAL,
) -> Balances:
    """The balances of every contract; equal to the scalar engine's, contract by contract."""
    late = late_days(columns.due, day, start, calendar)
    rows = np.flatnonzero(late)
    begin, end = _per_contract(columns, rows)
    owner = np.repeat(np.arange(columns.contracts), end - begin)
    days = late[rows].astype(np.int64)
    base = _corrected(columns, factors, rows, owner, floor)
    fine = (base * columns.fine[owner] + MILLION // 2) // MILLION
    interest = simple_interest(base, columns.interest[owner], days)
    months, count, current = _coming(columns, factors, end - begin, month_of(day), floor)
    oldest = np.zeros(columns.contracts, np.int64)
    np.maximum.at(oldest, owner, days)
    return Balances(
        _sums(base, begin, end),
        _sums(fine, begin, end),
        _sums(interest, begin, end),
        end - begin,
        months,
        count,
        current,
        oldest,
    )


def _corrected(columns: Columns, factors: Factors, rows: Ints, owner: Ints, floor: bool) -> Ints:
    factor = factors.of(columns.index[rows], columns.yearly[owner], columns.base[rows])
    return corrected(columns.value[rows], factor, floor)


def _coming(
    columns: Columns, factors: Factors, late: Ints, now: int, floor: bool
) -> tuple[Ints, Ints, Ints]:
    """Months to the last monthly, how many are to come, the median of the next three.

    Of contracts that owe only. What is late stands first in each: it fell due before the rest.
    """
    months = np.zeros(columns.contracts, np.int64)
    count = np.zeros(columns.contracts, np.int64)
    current = np.full(columns.contracts, UNKNOWN, np.int64)
    owing = np.flatnonzero(late)
    rows = np.flatnonzero(columns.monthly)
    begin = np.searchsorted(rows, columns.starts[owing] + late[owing])
    end = np.searchsorted(rows, columns.ends[owing])
    count[owing] = end - begin
    has: Flags = end > begin
    last = columns.due[rows[end[has] - 1]].astype("datetime64[D]").astype("datetime64[M]")
    months[owing[has]] = last.astype(np.int64) + 1970 * 12 - now
    for size in (1, 2, 3):
        chosen = np.flatnonzero(end - begin == size if size < 3 else end - begin >= 3)
        if not len(chosen):
            continue
        places = rows[begin[chosen][:, None] + np.arange(size)]
        owner = np.repeat(owing[chosen], size)
        values = _corrected(columns, factors, places.ravel(), owner, floor).reshape(-1, size)
        values.sort(axis=1)
        middle = values[:, 1] if size == 3 else (values.sum(axis=1) * 2 + size) // (2 * size)
        current[owing[chosen]] = middle
    return months, count, current
