"""What simulations, offers and policies announce: each page asks for its regions again."""

from typing import Any

from sqlalchemy import Select, Text, cast, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app import live
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.debts.simulations.models import DebtOffer, DebtPolicy, OfferEvent, Simulation
from app.extensions import db

ROOM = "simulations"  # everybody who may look at debts
LISTED = 30


def simulations_changed(erp: str, bill: str) -> None:
    """Somebody kept, renamed or changed a simulation of this contract."""
    live.touch(ROOM, f"bill-simulations:{erp}/{bill}", "simulations:all")


def offer_changed(offer_id: int, erp: str, bill: str) -> None:
    """An offer was made or decided."""
    live.touch(ROOM, f"offer:{offer_id}", "approvals:me", f"bill-simulations:{erp}/{bill}")


def policies_changed() -> None:
    """There is a new version of a policy."""
    live.touch(ROOM, "debt-policies:all")


def _viewer(user_id: int) -> User | None:
    viewer = db.session.get(User, user_id)
    return viewer if viewer is not None and viewer.can(Permission.DEBTS_VIEW) else None


def _joined(rows: Any) -> Select[tuple[str]]:
    """`7:1,9:2`, newest first."""
    line = cast(rows.c.id, Text) + literal(":") + cast(rows.c.version, Text)
    return select(
        func.coalesce(func.string_agg(line, aggregate_order_by(literal(","), rows.c.id.desc())), "")
    )


def of_bill(erp: str, bill: str) -> Select[tuple[str]]:
    """The version of a contract's saved simulations and offers."""
    same: Any = (Simulation.erp == erp, Simulation.bill == bill)
    kept: Any = select(Simulation.id, Simulation.version).where(*same)
    offers: Any = select(DebtOffer.id, DebtOffer.version).where(
        DebtOffer.erp == erp, DebtOffer.bill == bill
    )
    parts = [
        _joined(query.order_by(model.id.desc()).limit(LISTED).subquery()).scalar_subquery()
        for query, model in ((kept, Simulation), (offers, DebtOffer))
    ]
    return select(parts[0] + literal("|") + parts[1])


@live.region("bill-simulations")
def _bill_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    erp, slash, bill = argument.partition("/")
    return of_bill(erp, bill) if slash and _viewer(user_id) else None


def all_of_them() -> Select[tuple[str]]:
    """The version of the newest simulations of all contracts."""
    newest: Any = select(Simulation.id, Simulation.version).order_by(Simulation.id.desc())
    return _joined(newest.limit(LISTED).subquery())


@live.region("simulations")
def _all_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    return all_of_them() if _viewer(user_id) else None


@live.region("offer")
def _offer_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    if not argument.isdecimal() or len(argument) > 18 or _viewer(user_id) is None:
        return None
    version: Any = cast(DebtOffer.version, Text)
    return select(version).where(DebtOffer.id == int(argument))


def approvals() -> Select[tuple[str]]:
    """The version of everybody's list: what happened last to any offer."""
    last: Any = cast(func.coalesce(func.max(OfferEvent.id), 0), Text)
    return select(last)


@live.region("approvals")
def _approvals_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    return approvals() if _viewer(user_id) else None


def policies() -> Select[tuple[str]]:
    """The version of the page of policies: the newest row."""
    last: Any = cast(func.coalesce(func.max(DebtPolicy.id), 0), Text)
    return select(last)


@live.region("debt-policies")
def _policies_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    return policies() if _viewer(user_id) else None
