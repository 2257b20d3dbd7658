"""The total effective cost (CET): the yearly rate that makes the flows worth what was financed.

CDC art. 54-B; Res. CMN 4.881/2020 art. 4. Rates are solved in floating point and, where that lies
too near a rounding edge to tell, again in 60-digit Decimal: what is shown is always right.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

from app.debts.engine.faults import DebtFault
from app.words import N_

_LOWEST, _HIGHEST = -0.99, 1e6


@dataclass(frozen=True, slots=True)
class Flow:
    """A payment in cents, `time` periods (months or years) after what was financed."""

    time: float
    cents: int


def _worth(rate: float, flows: Sequence[Flow]) -> tuple[float, float]:
    """The flows' present value at a rate a period, and its slope."""
    growth, value, slope = 1 + rate, 0.0, 0.0
    for flow in flows:
        part = flow.cents * growth**-flow.time
        value += part
        slope -= flow.time * part
    return value, slope / growth


def _solve(net: int, flows: Sequence[Flow]) -> float:
    """The rate a period, by Newton within a bracket that only shrinks."""
    low, high, rate = _LOWEST, 1.0, 0.01
    while _worth(high, flows)[0] > net:
        high *= 10
        if high > _HIGHEST:
            raise DebtFault(N_("não existe CET para estes pagamentos"))
    for _ in range(200):
        value, slope = _worth(rate, flows)
        low, high = (rate, high) if value > net else (low, rate)
        step = rate - (value - net) / slope if slope else low
        next_rate = step if low < step < high else (low + high) / 2
        if abs(next_rate - rate) < 1e-15 * max(1.0, abs(rate)):
            return next_rate
        rate = next_rate
    return rate


def _exact(net: int, times: Sequence[Decimal], cents: Sequence[int], near: float) -> Decimal:
    """The rate near a floating one to some forty digits, by bisection."""
    with localcontext() as context:
        context.prec = 60
        width = Decimal("1e-9") * max(1, int(abs(near)))
        low, high = Decimal(near) - width, Decimal(near) + width
        for _ in range(110):
            middle = (low + high) / 2
            worth = sum(
                (c / (1 + middle) ** t for t, c in zip(times, cents, strict=True)), Decimal(0)
            )
            low, high = (middle, high) if worth > net else (low, middle)
        return (low + high) / 2


def _shown(value: float, places: int, exact: Callable[[], Decimal]) -> Decimal:
    """A percentage with so many decimals, half-up."""
    unit = Decimal(1).scaleb(-places)
    scaled = value * 10**places
    near_edge = abs(scaled - int(scaled)) - 0.5
    number = exact() if abs(near_edge) < 1e-6 else Decimal(value)
    return number.quantize(unit, ROUND_HALF_UP) + 0  # no negative zero


def _checked(net: int, payments: Sequence[int]) -> None:
    if net <= 0 or sum(payments) <= 0 or min(payments) < 0:
        raise DebtFault(N_("não existe CET para estes pagamentos"))


@dataclass(frozen=True, slots=True)
class MonthlyCost:
    """The cost of monthly payments in per cent: a month with four decimals, a year with two."""

    month: Decimal
    year: Decimal


def monthly_cost(net: int, payments: Sequence[int]) -> MonthlyCost:
    """The cost of payments one month apart, the first after a month: `(1 + r)^12 − 1`.

    `net` and payments in cents. Raises DebtFault when nothing is financed or paid.
    """
    _checked(net, payments)
    if sum(payments) == net:
        return MonthlyCost(Decimal("0.0000"), Decimal("0.00"))
    flows = [Flow(k, cents) for k, cents in enumerate(payments, 1)]
    rate = _solve(net, flows)
    times = [Decimal(k) for k in range(1, len(payments) + 1)]

    def month() -> Decimal:
        return _exact(net, times, payments, rate) * 100

    def year() -> Decimal:
        with localcontext() as context:
            context.prec = 60
            return ((1 + month() / 100) ** 12 - 1) * 100

    return MonthlyCost(_shown(rate * 100, 4, month), _shown(((1 + rate) ** 12 - 1) * 100, 2, year))


def dated_cost(
    net: int, start: date, payments: Sequence[tuple[date, int]], basis: int = 365
) -> Decimal:
    """The yearly cost in per cent, two decimals, of dated payments: `Σ FC/(1+CET)^(days/365)`.

    `net` in cents on `start`. Raises DebtFault when nothing is financed or paid.
    """
    amounts = [cents for _, cents in payments]
    _checked(net, amounts or [0])
    if sum(amounts) == net:
        return Decimal("0.00")
    days = [(day - start).days for day, _ in payments]
    if max(days) <= 0:
        raise DebtFault(N_("não existe CET para estes pagamentos"))
    rate = _solve(net, [Flow(d / basis, c) for d, c in zip(days, amounts, strict=True)])
    times = [Decimal(d) / basis for d in days]
    return _shown(rate * 100, 2, lambda: _exact(net, times, amounts, rate) * 100)


def worth_at(rate: Decimal, payments: Sequence[int]) -> Decimal:
    """What monthly payments in cents are worth a month before the first, at a rate a month."""
    with localcontext() as context:
        context.prec = 40
        worth = Decimal(0)
        for cents in reversed(payments):
            worth = (worth + cents) / (1 + rate)
        return worth
