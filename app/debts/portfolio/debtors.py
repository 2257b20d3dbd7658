"""Those of a book who owe, as arrays, and the column that holds one proposal of each."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.debts.engine.policies import Policy
from app.debts.portfolio.balances import Balances
from app.debts.portfolio.columns import MILLION, UNKNOWN, Columns, Flags, Ints, ppm


@dataclass(frozen=True)
class Column:
    """One letter of every contract, in cents; where `there` is false the contract has none."""

    there: Flags
    entry: Ints
    count: Ints
    first: Ints
    last: Ints
    total: Ints
    above: Flags


def rounded(above: Ints, below: Ints | int) -> Ints:
    """`r(above / below)` of what is not negative."""
    found: Ints = (2 * above + below) // (2 * below)
    return found


def share(cents: Ints, fraction: Decimal) -> Ints:
    """`r(cents × fraction)`."""
    return rounded(cents * ppm(fraction), MILLION)


@dataclass(frozen=True)
class Debtors:
    """Those contracts of a book that owe enough to propose something, as arrays of their own."""

    principal: Ints
    fine: Ints
    interest: Ints
    total: Ints
    months_remaining: Ints
    future_monthlies: Ints
    current: Ints
    income: Ints
    broken: Ints
    rate: Ints

    @classmethod
    def of(cls, columns: Columns, found: Balances, places: Ints) -> "Debtors":
        """The arrays of these places."""
        return cls(
            found.principal[places],
            found.fine[places],
            found.interest[places],
            found.total[places],
            found.months_remaining[places],
            found.future_monthlies[places],
            found.current[places],
            columns.income[places],
            columns.broken[places],
            columns.interest[places],
        )


def capacity(debtors: Debtors, part: Decimal, policy: Policy) -> Ints:
    """The most an instalment should be; a huge number where nothing is known."""
    endless = np.iinfo(np.int64).max
    known = debtors.current != UNKNOWN
    current = np.where(known, debtors.current, 0)
    by_current = np.where(known, share(current, part), endless)
    left = np.maximum(0, share(debtors.income, policy.comprometimento_renda) - current)
    by_income = np.where(debtors.income != UNKNOWN, left, endless)
    return np.minimum(by_current, by_income)


def split(value: Ints, count: Ints) -> tuple[Ints, Ints]:
    """First and last part of an equal split."""
    part = np.where(count > 1, np.minimum(rounded(value, count), value), value)
    taken = np.minimum(rounded(value, count) * (count - 1), value)
    return part, value - taken


def spaced(column: Column, places: Ints, size: int) -> Column:
    """A column of some contracts (`places`) among all."""

    def spread(values: Ints | Flags) -> NDArray[Any]:
        whole = np.zeros(size, values.dtype)
        whole[places] = values
        return whole

    return Column(**{name: spread(values) for name, values in vars(column).items()})
