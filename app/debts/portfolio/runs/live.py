"""How far runs over portfolios got, on every screen that may see them."""

from typing import Any

from sqlalchemy import Select, Text, cast, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.debts.portfolio.runs.models import PortfolioRun
from app.extensions import db
from app.live import push, region, touch

ROOM = "portfolio-runs"
LISTED = 50


def run_changed(made: PortfolioRun) -> None:
    """A run began, got further, or ended."""
    if made.is_under_way:
        push(ROOM, "debts/portfolio/live/run_changed.html", made=made)
    else:  # the whole page of figures: whoever shows it asks for it
        touch(ROOM, f"portfolio-run:{made.id}")
    touch(ROOM, "portfolio-runs:list")


def _may(user_id: int) -> bool:
    return db.session.get_one(User, user_id).can(Permission.DEBTS_PORTFOLIO)


@region("portfolio-run")
def _run_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    if not (argument.isdecimal() and len(argument) < 19 and _may(user_id)):
        return None
    version: Any = cast(PortfolioRun.version, Text)
    return select(version).where(PortfolioRun.id == int(argument))


@region("portfolio-runs")
def _runs_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    if not _may(user_id):
        return None
    newest = (
        select(PortfolioRun.id, PortfolioRun.version)
        .order_by(PortfolioRun.id.desc())
        .limit(LISTED)
        .subquery()
    )
    row = cast(newest.c.id, Text) + ":" + cast(newest.c.version, Text)
    listed = func.string_agg(row, aggregate_order_by(literal(","), newest.c.id.desc()))
    return select(func.coalesce(listed, ""))
