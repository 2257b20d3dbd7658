"""From an offer's row to its figures, and whose document it is about."""

from sqlalchemy import select

from app.debts.agreements.figures import Figures, Option
from app.debts.lookups.models import Snapshot
from app.debts.simulations.content import thawed
from app.debts.simulations.models import DebtOffer
from app.extensions import db


def figures_of(offer: DebtOffer) -> Figures:
    """Everything that an offer says, from its frozen content alone."""
    found = thawed(offer.content)
    data = found.data
    options = tuple(Option(one, found.disclosure(one)) for one in found.proposals)
    return Figures(
        offer_id=offer.id,
        content_hash=offer.content_hash,
        customer=str(data.get("customer") or ""),
        unit=str(data.get("title") or ""),
        project=str(data.get("project") or ""),
        bill=str(data.get("contract") or offer.bill),
        creditor=found.creditor,
        issued=offer.issued,
        valid_until=offer.valid_until,
        debt=found.debt,
        policy=found.policy,
        options=options,
    )


def document_of(offer: DebtOffer) -> str:
    """The CPF or CNPJ that was looked up."""
    query = select(Snapshot.document).where(Snapshot.id == offer.snapshot_id)
    return db.session.scalar(query) or ""
