"""Early settlement: what future instalments are worth today (CDC art. 52 §2; §4.8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum

from app.debts.engine.money import half_up, ratio
from app.debts.engine.plans import Plan


class Discounting(StrEnum):
    """How the contract's interest was put into the instalments."""

    COMPOUND = "composto"
    SIMPLE = "simples"


@dataclass(frozen=True, slots=True)
class Settlement:
    """Present values in cents, one for each instalment."""

    values: tuple[int, ...]
    present: tuple[int, ...]

    @property
    def total(self) -> int:
        """What settles all of them today."""
        return sum(self.present)

    @property
    def reduction(self) -> int:
        """What is not paid because it is paid early."""
        return sum(self.values) - self.total


def present_value(cents: int, days: int, rate: Decimal, regime: Discounting) -> int:
    """An instalment's value `days` before it is due, at the contract's rate a month.

    Without interest in it, or already due, there is nothing to reduce.
    """
    if rate == 0 or days <= 0:
        return cents
    a, b = ratio(rate)
    if regime == Discounting.SIMPLE:
        return half_up(cents * 30 * b, 30 * b + a * days)
    with localcontext() as context:
        context.prec = 60
        grown = (1 + rate) ** (Decimal(days) / 30)
        return half_up(*(Decimal(cents) / grown).as_integer_ratio())


def settle(
    instalments: Sequence[tuple[int, int]], rate: Decimal, regime: Discounting
) -> Settlement:
    """Settle (cents, days until due) of future instalments."""
    return Settlement(
        tuple(cents for cents, _ in instalments),
        tuple(present_value(cents, days, rate, regime) for cents, days in instalments),
    )


def outstanding(plan: Plan, paid: int) -> int:
    """What settles a plan that was born here after `paid` of its lines: the open balance, cents."""
    return plan.lines[paid - 1].balance if paid else plan.value
