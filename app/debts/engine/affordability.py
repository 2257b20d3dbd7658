"""What a proposal leaves to live on; a warning, never a block (Lei 14.181/2021, Decreto 11.567)."""

from app.debts.engine.debt import Debt
from app.debts.engine.proposals import Proposal
from app.debts.engine.warnings import Warned

SUBSISTENCE = 600_00  # cents a month


def left_over(proposal: Proposal, debt: Debt) -> int | None:
    """Declared income less the contract's monthly and the highest new instalment; None unknown."""
    if debt.income is None:
        return None
    return debt.income - (debt.current_instalment or 0) - proposal.highest


def payer_warnings(proposal: Proposal, debt: Debt) -> tuple[Warned, ...]:
    """Whether a proposal passes the payer's capacity, or leaves too little to live on."""
    left = left_over(proposal, debt)
    codes = (
        (Warned.ABOVE_CAPACITY, proposal.above_capacity),
        (Warned.SUBSISTENCE, left is not None and bool(proposal.lines) and left < SUBSISTENCE),
    )
    return tuple(code for code, holds in codes if holds)
