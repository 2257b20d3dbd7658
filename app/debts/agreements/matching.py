"""Which payments of an agreement the ERP shows as paid. Pure.

The ERP has no name for an agreement: finance enters its instalments by hand, and they are known by
their due date and amount. Each of its instalments pays one of ours at most.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.debts.agreements.lifecycle import Instalment
from app.debts.engine.statement.contract import Instalment as ErpInstalment


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment that came: of which number, when, how much (cents)."""

    number: int
    on: date
    amount: int


def paid(ours: Sequence[Instalment], theirs: Iterable[ErpInstalment]) -> list[Paid]:
    """What of ours is paid there and not yet here."""
    open_ones = [one for one in theirs if _money(one)]
    found = []
    for mine in sorted(ours, key=lambda one: one.number):
        if mine.paid_on is not None:
            continue
        match = next((one for one in open_ones if _same(mine, one)), None)
        if match is None:
            continue
        open_ones.remove(match)
        days = [receipt.day for receipt in match.receipts if receipt.cash]
        found.append(Paid(mine.number, max(days), _money(match)))
    return found


def _same(mine: Instalment, one: ErpInstalment) -> bool:
    return (
        one.original == mine.amount
        and mine.due <= one.due <= mine.payable_until
        and (one.settled is True or _money(one) >= mine.amount)
    )


def _money(one: ErpInstalment) -> int:
    return sum(receipt.value for receipt in one.receipts if receipt.cash)
