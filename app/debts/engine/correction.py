"""Monetary correction: an index, its lag, its periodicity, and the floor at the nominal value.

Correction restores value: it is principal, not a charge (`renegotiation` §4.3).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cached_property
from typing import Protocol

from app.debts.engine.faults import DebtFault
from app.debts.engine.money import half_up
from app.debts.engine.months import month_text
from app.words import N_

PLACES = Decimal("1e-10")
SCALE = 10**10
LAG = 2
MONTHLY_TERM = 36  # Lei 10.931/2004 art. 46: shorter contracts are corrected yearly


@dataclass(frozen=True, slots=True)
class Factor:
    """A correction factor of ten decimals and the months whose changes it holds.

    `provisional`: the index was not yet published up to where the contract asks.
    """

    value: Decimal
    months: tuple[int, ...] = ()
    negative: tuple[int, ...] = ()
    provisional: bool = False
    index: str = ""

    @property
    def scaled(self) -> int:
        """The factor times 10^10, an integer."""
        return int(self.value.scaleb(10))


ONE = Factor(Decimal("1.0000000000"))


class Index(Protocol):
    """What a price index can tell."""

    @property
    def name(self) -> str:
        """How people call it."""

    @property
    def last(self) -> int:
        """The last published month."""

    def factor(self, after: int, until: int) -> Factor:
        """How much it grew from the end of month `after` to the end of month `until`."""


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(PLACES, ROUND_HALF_UP)


def _missing(index: str, month: int) -> DebtFault:
    return DebtFault(
        N_("falta o índice %(index)s de %(month)s"), index=index or "?", month=month_text(month)
    )


@dataclass(frozen=True)
class IndexSeries:
    """An index as monthly changes in per cent, by month."""

    name: str
    changes: Mapping[int, Decimal] = field(repr=False)

    @cached_property
    def last(self) -> int:
        """The last published month; 0 when there is none."""
        return max(self.changes, default=0)

    def factor(self, after: int, until: int) -> Factor:
        """The product of `1 + v/100` of the months after `after` up to `until` or the last known.

        Raises DebtFault when a month between known ones is missing, or nothing is known at all.
        """
        months = tuple(range(after + 1, min(until, self.last) + 1))
        if until > after and not months and self.last < after:
            raise _missing(self.name, after + 1)
        grown = self._grown
        try:
            value = _product([grown[month] for month in months])
        except KeyError as missing:
            raise _missing(self.name, missing.args[0]) from None
        falls = tuple(m for m in months if grown[m] < 1)
        return Factor(value, months, falls, until > self.last, self.name)

    @cached_property
    def _grown(self) -> dict[int, Decimal]:
        """Each month's `1 + v/100`."""
        return {month: _growth(change) for month, change in self.changes.items()}


@dataclass(frozen=True)
class IndexNumbers:
    """An index as index numbers, by month."""

    name: str
    numbers: Mapping[int, Decimal] = field(repr=False)

    @cached_property
    def last(self) -> int:
        """The last published month; 0 when there is none."""
        return max(self.numbers, default=0)

    def factor(self, after: int, until: int) -> Factor:
        """`I[until] / I[after]`; a month not yet published is the last one that is.

        Raises DebtFault for a month that is missing, or a number that is not positive.
        """
        end = max(after, min(until, self.last))
        for month in (after, end):
            if month not in self.numbers:
                raise _missing(self.name, month)
        months = tuple(range(after + 1, end + 1))
        falls = tuple(
            m
            for m in months
            if self.numbers.get(m, Decimal(1)) < self.numbers.get(m - 1, Decimal(0))
        )
        value = index_ratio(self.numbers[after], self.numbers[end])
        return Factor(value, months, falls, until > self.last, self.name)


def index_ratio(base: Decimal, now: Decimal) -> Decimal:
    """`now / base` of two index numbers, ten decimals. Raises DebtFault unless positive."""
    if base <= 0 or now <= 0:
        raise DebtFault(N_("um número-índice tem de ser positivo"), value=min(base, now))
    with localcontext() as context:
        context.prec = 60
        return _rounded(now / base)


def _growth(change: Decimal) -> Decimal:
    if change <= -100:
        raise DebtFault(N_("a variação de um mês fica acima de -100"), value=change)
    with localcontext() as context:
        context.prec = 60
        return 1 + change / 100


def _product(grown: list[Decimal]) -> Decimal:
    with localcontext() as context:
        context.prec = 60
        product = Decimal(1)
        for one in grown:
            product *= one
        return _rounded(product)


def compounded(changes: list[Decimal]) -> Decimal:
    """The factor of monthly changes in per cent, ten decimals. Raises DebtFault at -100 or less."""
    return _product([_growth(change) for change in changes])


@dataclass(frozen=True, slots=True)
class Regime:
    """How a contract corrects: months of lag, yearly blocks, and whether the nominal is a floor."""

    lag: int = LAG
    yearly: bool = False
    floor: bool = True

    @classmethod
    def of_term(cls, months: int | None, lag: int = LAG, floor: bool = True) -> "Regime":
        """Monthly from a term of 36 months on, yearly below it; an unknown term is monthly."""
        return cls(lag, months is not None and months < MONTHLY_TERM, floor)

    def months_applied(self, base: int, calculation: int) -> int:
        """How many months since the base count: all, or complete blocks of twelve."""
        passed = max(0, calculation - base)
        return passed // 12 * 12 if self.yearly else passed


def factor_between(index: Index, regime: Regime, base: int, since: int, until: int) -> Factor:
    """The factor that a value, already corrected up to month `since`, needs for month `until`.

    `base` is the contract's base month; with `since == base` it is the whole correction.
    """
    start = base - regime.lag
    after = start + regime.months_applied(base, since)
    end = start + regime.months_applied(base, until)
    return ONE if end <= after else index.factor(after, end)


def corrected(cents: int, factor: Factor, floor: bool, nominal: int | None = None) -> int:
    """`r(value × F)` in cents; with a floor not below the nominal value (the value itself)."""
    found = half_up(cents * factor.scaled, SCALE)
    return max(found, cents if nominal is None else nominal) if floor else found
