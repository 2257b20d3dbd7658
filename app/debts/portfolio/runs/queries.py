"""Runs as they are shown: one, the newest, and the rows that were left out."""

from sqlalchemy import select

from app.accounts.models import User
from app.debts.portfolio.runs.models import PortfolioPart, PortfolioRefusal, PortfolioRun
from app.errors import NotFound
from app.extensions import db


def find(run_id: int) -> PortfolioRun:
    """One run as it stands now; raises NotFound."""
    found = db.session.get(PortfolioRun, run_id, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def locked(run_id: int) -> PortfolioRun:
    """The same, its row locked and fresh."""
    found = db.session.get(PortfolioRun, run_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def newest(size: int) -> list[tuple[PortfolioRun, str]]:
    """The last runs, each with who made it."""
    query = (
        select(PortfolioRun, User.name)
        .join(User, User.id == PortfolioRun.made_by_id)
        .order_by(PortfolioRun.id.desc())
        .limit(size)
    )
    return [(made, name) for made, name in db.session.execute(query)]


def parts(run_id: int) -> list[PortfolioPart]:
    """The parts that are kept, in their order."""
    query = select(PortfolioPart).where(PortfolioPart.run_id == run_id)
    return list(db.session.scalars(query.order_by(PortfolioPart.number)))


def refusals(run_id: int, after: int = 0, size: int = 500) -> list[PortfolioRefusal]:
    """Rows that were left out, in the order in which they were found."""
    query = select(PortfolioRefusal).where(
        PortfolioRefusal.run_id == run_id, PortfolioRefusal.id > after
    )
    return list(db.session.scalars(query.order_by(PortfolioRefusal.id).limit(size)))
