"""What other rooms of debts tell simulations, and hear from them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.accounts.models import User
from app.debts.simulations.models import DebtOffer


@dataclass(frozen=True, slots=True)
class History:
    """What our own records say of a contract's agreements, beside the ERP's."""

    active: bool = False
    earlier: int = 0
    broken: int = 0


# Our own agreements of a contract: (ERP, bill) -> what is known.
histories: list[Callable[[str, str], History]] = []
# What other rooms show beside an offer: (template, its context), or None.
offer_panes: list[Callable[[User, DebtOffer], tuple[str, dict[str, Any]] | None]] = []
# An offer was made, approved, refused or superseded; in the transaction of it.
on_offer: list[Callable[[DebtOffer], None]] = []


def history(erp: str, bill: str) -> History:
    """All that is known of our own agreements over a contract."""
    told = [one(erp, bill) for one in histories]
    return History(
        any(one.active for one in told),
        sum(one.earlier for one in told),
        sum(one.broken for one in told),
    )
