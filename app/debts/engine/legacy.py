"""The policy `legado`: what the replaced system answered, for callers that still ask for it.

It discounts principal and knows no charges: its answers are estimates, never sent or accepted
within the product (`SENDABLE`).
"""

from dataclasses import dataclass
from decimal import Decimal

from app.debts.engine.faults import DebtFault
from app.debts.engine.money import checked, half_up, share
from app.words import N_

NAME = "legado"
VERSION = "1"
SENDABLE = False
LABEL = N_("Estimativa: não vale como proposta.")


@dataclass(frozen=True, slots=True)
class LegacyPolicy:
    """How many instalments are added, and the discounts of the three, as fractions."""

    added: int = 12
    discounts: tuple[Decimal, ...] = (Decimal(0), Decimal("0.05"), Decimal("0.10"))


@dataclass(frozen=True, slots=True)
class Estimate:
    """One of the three, in cents."""

    discount: Decimal
    total: int
    instalment: int
    count: int


LEGACY = LegacyPolicy()


def estimates(
    balance: int, open_count: int, overdue_count: int, policy: LegacyPolicy = LEGACY
) -> tuple[Estimate, ...]:
    """The three over a balance without interest (cents): instalments = open + overdue + 12.

    The instalment is `r(total / count)`. Raises DebtFault for what cannot be.
    """
    checked(balance)
    if open_count < 0 or overdue_count < 0:
        raise DebtFault(N_("não pode ser negativo"), value=min(open_count, overdue_count))
    count = open_count + overdue_count + policy.added
    made = []
    for discount in policy.discounts:
        total = balance - share(balance, discount)
        made.append(Estimate(discount, total, half_up(total, count), count))
    return tuple(made)


def fitting(made: tuple[Estimate, ...], monthly: int) -> Estimate | None:
    """The highest instalment that a monthly amount in cents covers; None when none fits."""
    within = [one for one in made if one.instalment <= monthly]
    return max(within, key=lambda one: one.instalment, default=None)
