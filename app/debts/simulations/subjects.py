"""What is simulated: one contract, as one snapshot of the ERP tells it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.debts.engine.disclosure import Creditor
from app.debts.engine.faults import DebtFault
from app.debts.engine.statement.contract import Contract, Instalment


@dataclass(frozen=True, slots=True)
class Subject:
    """A contract with who owes it and who is paid. `fresh` is whether the ERP answered just then.

    `faults` are rows of the ERP that cannot be read; the others are `instalments`.
    """

    snapshot_id: int
    erp: str
    customer: str
    customer_name: str
    bill: str
    title: str
    project: str
    project_name: str
    creditor: Creditor
    contract: Contract
    instalments: Sequence[Instalment]
    taken_at: datetime
    faults: Sequence[DebtFault] = ()
    fresh: bool = True
    contact_id: int | None = None

    @property
    def about(self) -> str:
        """`Maria Alves · Torre A, 101`."""
        return " · ".join(part for part in (self.customer_name, self.title) if part)
