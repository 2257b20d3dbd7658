"""What is renegotiated: chosen instalments of one contract with their charges, frozen on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.debts.engine.charges import AppliedTerms, charge, days_late
from app.debts.engine.faults import DebtFault
from app.debts.engine.money import MOST, share
from app.words import N_


@dataclass(frozen=True, slots=True)
class DebtLine:
    """One instalment's corrected principal, fine and interest, in cents."""

    principal: int
    fine: int
    interest: int
    instalment: str = ""
    contract: str = ""
    creditor: str = ""
    due: date | None = None
    days: int = 0
    future: bool = False
    keys: bool = False

    @property
    def total(self) -> int:
        """All that is owed on it."""
        return self.principal + self.fine + self.interest


@dataclass(frozen=True, slots=True)
class Debt:
    """The debt and what is known of who owes it. Money in cents; None is not known.

    `current_instalment` is the regular monthly one that goes on being paid; `future_due` are the
    due dates of monthlies to come; `contract_rate` is the contract's own default rate a month.
    """

    lines: tuple[DebtLine, ...]
    principal: int
    fine: int
    interest: int
    broken_agreements: int = 0
    earlier_agreements: int = 0
    months_remaining: int = 0
    future_monthlies: int = 0
    current_instalment: int | None = None
    income: int | None = None
    future_due: tuple[date, ...] = ()
    contract_rate: Decimal | None = None

    @property
    def charges(self) -> int:
        """Fine and interest."""
        return self.fine + self.interest

    @property
    def total(self) -> int:
        """T = P + M + J."""
        return self.principal + self.fine + self.interest


def debt_of(lines: Sequence[DebtLine], **known: object) -> Debt:
    """The debt of these lines; sums are sums of rounded lines. Raises DebtFault beyond 10^9."""
    principal = sum(line.principal for line in lines)
    fine = sum(line.fine for line in lines)
    interest = sum(line.interest for line in lines)
    if principal + fine + interest > MOST:
        raise DebtFault(N_("a soma passa do limite de R$ 1.000.000.000,00"))
    return Debt(tuple(lines), principal, fine, interest, **known)  # type: ignore[arg-type]


def overdue_line(principal: int, days: int, terms: AppliedTerms, **known: object) -> DebtLine:
    """A line from a corrected principal and the days of delay."""
    found = charge(principal, days_late(days), terms)
    return DebtLine(principal, found.fine, found.interest, days=max(0, days), **known)  # type: ignore[arg-type]


def capacity(debt: Debt, part: Decimal, income_part: Decimal) -> int | None:
    """The most a new instalment may be, in cents; None when nothing is known of the payer (§6.3).

    `part` of the current monthly; with declared income what its `income_part` leaves beside the
    contract, which goes on being paid.
    """
    current = debt.current_instalment
    limits = [] if current is None else [share(current, part)]
    if debt.income is not None:
        limits.append(max(0, share(debt.income, income_part) - (current or 0)))
    return min(limits, default=None)
