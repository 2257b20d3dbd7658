"""What was kept, offered and decided; each page a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import defer, joinedload

from app.accounts.models import User
from app.debts.simulations import live
from app.debts.simulations.models import WAITING, DebtOffer, OfferEvent, Simulation
from app.errors import NotFound
from app.extensions import db

ROWS = 50


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a list, and whether more follow."""

    rows: list[Simulation]
    more: bool


def kept_of(erp: str, bill: str) -> list[Simulation]:
    """The simulations of a contract, newest first."""
    query = select(Simulation).where(Simulation.erp == erp, Simulation.bill == bill)
    return _simulations(query.limit(live.LISTED))


def newest(author: User | None, after: int | None = None) -> Page:
    """Everybody's, or one person's, newest first."""
    query = select(Simulation)
    if author is not None:
        query = query.where(Simulation.author_id == author.id)
    if after is not None:
        query = query.where(Simulation.id < after)
    rows = _simulations(query.limit(ROWS + 1))
    return Page(rows[:ROWS], len(rows) > ROWS)


def _simulations(query: Select[Any]) -> list[Simulation]:
    with_author = query.options(joinedload(Simulation.author), defer(Simulation.inputs))
    return list(db.session.scalars(with_author.order_by(Simulation.id.desc())))


def offers_of(erp: str, bill: str) -> list[DebtOffer]:
    """The offers of a contract, newest first."""
    query = select(DebtOffer).where(DebtOffer.erp == erp, DebtOffer.bill == bill)
    return _offers(query.order_by(DebtOffer.id.desc()).limit(live.LISTED))


def may_be_decided_by(viewer: User) -> tuple[ColumnElement[bool], ...]:
    """Of all offers, those that wait for this person or another of the same level."""
    return (
        DebtOffer.state == WAITING,
        DebtOffer.needed_level <= viewer.approval_level,
        DebtOffer.author_id != viewer.id,
    )


def waiting_for(viewer: User) -> list[DebtOffer]:
    """What this person may decide, the oldest first."""
    query = select(DebtOffer).where(*may_be_decided_by(viewer))
    return _offers(query.order_by(DebtOffer.id).limit(ROWS))


def waiting_of(viewer: User) -> list[DebtOffer]:
    """What this person offered and others have to decide."""
    query = select(DebtOffer).where(DebtOffer.state == WAITING, DebtOffer.author_id == viewer.id)
    return _offers(query.order_by(DebtOffer.id).limit(ROWS))


def decided() -> list[DebtOffer]:
    """What somebody approved or refused, newest first."""
    query = select(DebtOffer).where(DebtOffer.decided_at.is_not(None))
    return _offers(query.order_by(DebtOffer.decided_at.desc(), DebtOffer.id.desc()).limit(ROWS))


def _offers(query: Select[Any]) -> list[DebtOffer]:
    people = (joinedload(DebtOffer.author), joinedload(DebtOffer.approver))
    return list(db.session.scalars(query.options(*people)))


def offer(offer_id: int) -> DebtOffer:
    """One offer with its people. Raises NotFound."""
    query = select(DebtOffer).where(DebtOffer.id == offer_id)
    people = (joinedload(DebtOffer.author), joinedload(DebtOffer.approver))
    found = db.session.scalars(query.options(*people)).one_or_none()
    if found is None:
        raise NotFound
    return found


def story(offer_id: int) -> Sequence[OfferEvent]:
    """What happened to an offer, in order."""
    query = select(OfferEvent).where(OfferEvent.offer_id == offer_id).order_by(OfferEvent.id)
    return list(db.session.scalars(query))


def version_of(erp: str, bill: str) -> str:
    """The version of a contract's list."""
    return db.session.scalar(live.of_bill(erp, bill)) or ""


def version_of_all() -> str:
    """The version of the list of everything."""
    return db.session.scalar(live.all_of_them()) or ""


def version_of_approvals() -> str:
    """The version of the page of approvals."""
    return db.session.scalar(live.approvals()) or ""
