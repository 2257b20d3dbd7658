"""Payment plans: the equal split, SAC, Gauss and Price (§4.6). Exact integers, no float.

Each line pays interest on what was open, then amortises; the last one amortises what is left, so
that the amortisation always sums to the financed value.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from app.debts.engine.faults import DebtFault
from app.debts.engine.money import checked, half_up, ratio
from app.words import N_

MOST_INSTALMENTS = 120


class Method(StrEnum):
    """How a plan amortises. Price compounds within the year: only behind a policy's switch."""

    EQUAL = "IGUAIS"
    SAC = "SAC"
    GAUSS = "GAUSS"
    PRICE = "PRICE"


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One instalment, in cents; `balance` is what is open after it."""

    k: int
    payment: int
    interest: int
    amortisation: int
    balance: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole table. `regular` is the instalment (SAC: the amortisation) before the last line."""

    method: Method
    value: int
    rate: Decimal
    regular: int
    lines: tuple[PlanLine, ...]

    @property
    def total(self) -> int:
        """All that is paid."""
        return sum(line.payment for line in self.lines)

    @property
    def interest(self) -> int:
        """All interest."""
        return sum(line.interest for line in self.lines)


def _checked(value: int, rate: Decimal, count: int) -> None:
    checked(value)
    if not 1 <= count <= MOST_INSTALMENTS:
        raise DebtFault(N_("o número de parcelas vai de 1 a 120"), field="n", value=count)
    if not 0 <= rate <= 1:
        raise DebtFault(
            N_("não é uma taxa entre 0 e 1 (1 por cento é 0.01)"), field="taxa", value=rate
        )


def equal_split(value: int, count: int) -> list[int]:
    """`value` cents in `count` parts of `r(value / count)`; the last takes what is left."""
    _checked(value, Decimal(0), count)
    part, left, parts = half_up(value, count), value, []
    for _ in range(count - 1):
        taken = min(part, left)
        parts.append(taken)
        left -= taken
    return [*parts, left]


def _constant(method: Method, value: int, a: int, b: int, count: int) -> int:
    """The constant payment of Gauss or Price at the rate a/b, in cents."""
    if method == Method.GAUSS:
        return half_up(2 * value * (b + count * a), count * (2 * b + a * (count - 1)))
    grown = (a + b) ** count
    return half_up(value * a * grown, b * (grown - b**count))


def _amortised(method: Method, value: int, rate: Decimal, count: int) -> Iterator[tuple[int, int]]:
    """Interest and amortisation of each line but for the last line's rule."""
    a, b = ratio(rate)
    if method == Method.SAC:
        part, left = half_up(value, count), value
        while True:
            yield half_up(left * a, b), part
            left -= min(part, left)
    payment = _constant(method, value, a, b, count)
    if method == Method.GAUSS:
        below = count * (2 * b + a * (count - 1))
        for k in range(1, count + 1):
            interest = half_up(2 * value * a * (count - k + 1), below)
            yield interest, payment - interest
    left = value
    while True:
        interest = half_up(left * a, b)
        yield interest, payment - interest
        left -= min(payment - interest, left)


def plan(method: Method, value: int, rate: Decimal, count: int) -> Plan:
    """A table of `count` monthly lines (1–120) over `value` cents at `rate` a month.

    Without interest every method is the equal split. Raises DebtFault for what no plan can have,
    and for a Price instalment that does not even pay its interest.
    """
    _checked(value, rate, count)
    if rate == 0 or method == Method.EQUAL:
        return _without_interest(method, value, count)
    if method == Method.PRICE:
        _refuse_endless(value, rate, count)
    regular = (
        half_up(value, count)
        if method == Method.SAC
        else _constant(method, value, *ratio(rate), count)
    )
    lines, left = [], value
    pairs = _amortised(method, value, rate, count)
    for k in range(1, count + 1):
        interest, part = next(pairs)
        part = left if k == count else min(part, left)
        left -= part
        lines.append(PlanLine(k, part + interest, interest, part, left))
    return Plan(method, value, rate, regular, tuple(lines))


def _without_interest(method: Method, value: int, count: int) -> Plan:
    lines, left = [], value
    for k, part in enumerate(equal_split(value, count), 1):
        left -= part
        lines.append(PlanLine(k, part, 0, part, left))
    return Plan(method, value, Decimal(0), half_up(value, count), tuple(lines))


def _refuse_endless(value: int, rate: Decimal, count: int) -> None:
    a, b = ratio(rate)
    first = half_up(value * a, b)
    if count > 1 and _constant(Method.PRICE, value, a, b, count) - first < 1:
        raise DebtFault(N_("a parcela não paga nem os juros neste prazo"), field="n", value=count)


def first_payment(method: Method, value: int, rate: Decimal, count: int) -> int:
    """The first line's payment, without the table; the highest one of every method."""
    a, b = (0, 1) if method == Method.EQUAL else ratio(rate)
    interest = half_up(value * a, b)
    if count == 1:
        return value + interest
    if a == 0 or method == Method.SAC:
        return min(half_up(value, count), value) + interest
    payment = _constant(method, value, a, b, count)
    if method == Method.GAUSS:
        interest = half_up(2 * value * a, 2 * b + a * (count - 1))
    return min(payment - interest, value) + interest


def grace_interest(principal: int, rate: Decimal, months: int) -> int:
    """`r(principal × i × g)`: simple interest of the months without an instalment (§4.7)."""
    a, b = ratio(rate)
    return half_up(principal * a * months, b)
