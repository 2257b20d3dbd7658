"""An offer as it was frozen: the only source of what texts, papers and pages say of it.

Nothing here computes a figure anew; money is cents, rates are fractions a month.
"""

from dataclasses import dataclass
from datetime import date

from app.debts.engine.debt import Debt
from app.debts.engine.disclosure import Creditor, Disclosure
from app.debts.engine.policies import Mode, Policy
from app.debts.engine.proposals import Proposal


@dataclass(frozen=True, slots=True)
class Payment:
    """Something to pay: 0 is the entry, or all of it in cash."""

    number: int
    due: date
    payable_until: date
    amount: int


@dataclass(frozen=True, slots=True)
class Option:
    """One proposal, and what the law wants said beside it."""

    proposal: Proposal
    shown: Disclosure

    @property
    def letter(self) -> str:
        """A, B or C."""
        return self.proposal.letter

    @property
    def is_cash(self) -> bool:
        """Whether it is paid at once."""
        return self.proposal.terms.mode == Mode.CASH

    @property
    def payments(self) -> tuple[Payment, ...]:
        """Everything that is paid, in its order. Without dates there is nothing to pay by."""
        found = []
        until = self.proposal.valid_until
        if self.proposal.entry and until is not None:
            found.append(Payment(0, until, until, self.proposal.entry))
        for line in self.proposal.lines:
            if line.due is not None:
                payable = line.payable_until or line.due
                found.append(Payment(line.k, line.due, payable, line.payment))
        return tuple(found)

    @property
    def adds_up(self) -> bool:
        """Whether the parts are each payment and the payments are the total, to the cent."""
        one = self.proposal
        lines = all(
            line.payment == line.principal + line.charges + line.interest + line.grace_interest
            for line in one.lines
        )
        return lines and one.entry + sum(line.payment for line in one.lines) == one.total


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that an offer says."""

    offer_id: int
    content_hash: str
    customer: str
    unit: str
    project: str
    bill: str
    creditor: Creditor
    issued: date
    valid_until: date
    debt: Debt
    policy: Policy
    options: tuple[Option, ...]

    @property
    def letters(self) -> tuple[str, ...]:
        """Those that are offered, in their order."""
        return tuple(one.letter for one in self.options)

    @property
    def oldest_days(self) -> int:
        """Days of delay of the oldest instalment."""
        return max((line.days for line in self.debt.lines), default=0)

    @property
    def place(self) -> str:
        """`Parque dos Ipês · Bloco B, Apto 1204`; what is known of it."""
        return " · ".join(part for part in (self.project, self.unit) if part) or self.bill

    def option(self, letter: str) -> Option | None:
        """The proposal of a letter, if there is one."""
        return next((one for one in self.options if one.letter == letter), None)
