"""What is simulated: one contract, as one snapshot of the ERP tells it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app import clock
from app.debts.engine.disclosure import Creditor
from app.debts.engine.faults import DebtFault
from app.debts.engine.statement.contract import Contract, Instalment
from app.debts.lookups import reading
from app.debts.lookups import service as lookups
from app.debts.lookups.models import Snapshot
from app.debts.lookups.reading import ContractRead
from app.debts.simulations import settings
from app.errors import NotFound
from app.extensions import current_settings, db


@dataclass(frozen=True, slots=True)
class Subject:
    """A contract with who owes it and who is paid. `stale` says why nothing may be offered on it.

    `faults` are rows of the ERP that cannot be read; the others are `instalments`.
    """

    snapshot_id: int
    mark: str
    erp: str
    customer: str
    customer_name: str
    bill: str
    title: str
    project: str
    creditor: Creditor
    contract: Contract
    instalments: Sequence[Instalment]
    taken_at: datetime
    faults: Sequence[DebtFault] = ()
    stale: str = ""
    contact_id: int | None = None

    @property
    def about(self) -> str:
        """`Maria Alves · Torre A, 101`."""
        return " · ".join(part for part in (self.customer_name, self.title) if part)


def find(snapshot_id: int, bill: str) -> Subject:
    """The contract of this title, as that snapshot tells it. Raises NotFound."""
    snapshot = db.session.get(Snapshot, snapshot_id)
    found = _contract(snapshot, bill) if snapshot is not None else None
    if snapshot is None or found is None:
        raise NotFound(_("Esta consulta não tem este contrato. Consulte o cliente de novo."))
    return _subject(snapshot, found)


def present(snapshot_id: int, bill: str) -> Subject:
    """The same contract by the last answer of the ERP, where that still has it."""
    snapshot = db.session.get(Snapshot, snapshot_id)
    last = lookups.latest(snapshot.document) if snapshot is not None else None
    found = _contract(last, bill) if last is not None else None
    if last is None or found is None:
        return find(snapshot_id, bill)
    return _subject(last, found)


def _contract(snapshot: Snapshot | None, bill: str) -> ContractRead | None:
    readable = bill.isascii() and bill.isdecimal() and len(bill) < 19
    if snapshot is None or snapshot.taken_at is None or not readable:
        return None
    return reading.contract(snapshot, int(bill))


def _subject(snapshot: Snapshot, found: ContractRead) -> Subject:
    customer = reading.customer(snapshot)
    creditor = found.creditor
    main = next((one.name for one in found.buyers if one.main), "")
    return Subject(
        snapshot.id,
        snapshot.mark,
        current_settings().sienge_subdomain,
        str(snapshot.erp_customer_id or ""),
        customer.name if customer else main,
        str(found.bill_id),
        found.unit,
        found.project,
        Creditor(creditor.name, creditor.cnpj, creditor.address, settings.electronic_address()),
        found.contract,
        found.instalments,
        snapshot.taken_at or snapshot.requested_at,
        found.faults,
        _stale(snapshot),
        snapshot.contact_id,
    )


def _stale(snapshot: Snapshot) -> str:
    """Why nothing may be offered on it: the ERP is down, was asked again, or days have passed."""
    down = lookups.why_not_send(snapshot.document)
    if down:
        return down
    last = lookups.latest(snapshot.document)
    if last is not None and last.id != snapshot.id and last.content_hash != snapshot.content_hash:
        return _("Há uma consulta mais nova deste cliente: abra o contrato a partir dela.")
    taken = (snapshot.taken_at or snapshot.requested_at).astimezone(clock.COMPANY_ZONE).date()
    if taken != clock.now().astimezone(clock.COMPANY_ZONE).date():
        return _("A consulta é de outro dia: atualize antes de oferecer.")
    return ""
