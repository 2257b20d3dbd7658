"""Reading what the pages show."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import aliased, joinedload

from app.debts.lookups import documents, live, service
from app.debts.lookups.models import WAITING, ErpDocument, Snapshot
from app.debts.lookups.reading import ContractRead, CustomerRead, contracts, customer
from app.errors import NotFound
from app.extensions import db


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer's page: what is shown, and the look-up that may be under way or have failed.

    `shown` is the last answer of the ERP; `last` the last time it was asked.
    """

    mark: str
    document: str
    version: str
    last: Snapshot
    shown: Snapshot | None
    who: CustomerRead | None
    contracts: list[ContractRead]
    recent: bool
    documents: list[ErpDocument]

    @property
    def asking(self) -> bool:
        """Whether a look-up is under way."""
        return self.last.state in WAITING

    @property
    def is_down(self) -> bool:
        """Whether the ERP did not answer the last time."""
        return self.last.state == "failed"

    def chosen(self, bill_id: int | None) -> ContractRead | None:
        """The contract that is open: the one asked for, else the first with something late."""
        found = [one for one in self.contracts if one.bill_id == bill_id]
        late = [one for one in self.contracts if one.statement.overdue]
        return next(iter([*found, *late, *self.contracts]), None)


def of_mark(mark: str) -> Customer:
    """Everything that the page of a customer shows. Five queries; raises NotFound."""
    newest = (
        select(Snapshot)
        .where(Snapshot.mark == mark)
        .options(joinedload(Snapshot.contact))
        .order_by(Snapshot.id.desc())
        .limit(1)
    )
    last = db.session.scalar(newest)
    if last is None:
        raise NotFound
    shown = last
    if last.state not in service.GOOD:
        shown = db.session.scalar(newest.where(Snapshot.state.in_(service.GOOD)))  # type: ignore[assignment]
    return Customer(
        mark,
        last.document,
        db.session.scalar(live.version(mark)) or "",
        last,
        shown,
        customer(shown) if shown else None,
        contracts(shown) if shown else [],
        shown is not None and service.is_recent(shown),
        documents.of_customer(mark),
    )


def last_lookups() -> list[Snapshot]:
    """The last look-ups of anybody, newest first: of each document its newest."""
    later = aliased(Snapshot)
    again = select(later.id).where(later.document == Snapshot.document, later.id > Snapshot.id)
    query = select(Snapshot).where(~again.exists()).options(joinedload(Snapshot.requested_by))
    return list(db.session.scalars(query.order_by(Snapshot.id.desc()).limit(live.SHOWN)))
