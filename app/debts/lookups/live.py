"""What look-ups announce, and how their regions' versions are read."""

from sqlalchemy import Select, Text, cast, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app import live
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.debts.lookups.models import ErpDocument, ErpLink, Snapshot
from app.extensions import db

SHOWN = 12  # look-ups in the list of the last ones
ROOM = "debts"  # everybody who may see what customers owe


def snapshot_changed(mark: str) -> None:
    """Whoever has this customer open asks again."""
    live.touch(ROOM, f"debts:{mark}", "debt-lookups:list")


@live.region("debts")
def _customer_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    if not db.session.get_one(User, user_id).can(Permission.DEBTS_VIEW):
        return None
    return version(argument)


def version(mark: str) -> Select[tuple[str]]:
    """Which look-up of a customer is the last, and how far it is."""
    row = cast(Snapshot.id, Text) + literal(":") + cast(Snapshot.version, Text)
    newest = select(row).where(Snapshot.mark == mark).order_by(Snapshot.id.desc()).limit(1)
    papers = select(func.coalesce(func.sum(ErpDocument.version), 0))
    papers = papers.where(ErpDocument.mark == mark)
    known = newest.scalar_subquery() + literal("+") + cast(papers.scalar_subquery(), Text)
    return select(known)


def link_changed() -> None:
    """How things stand with the ERP is another."""
    live.touch(ROOM, "erp:link")


@live.region("debt-lookups")
def _lookups_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    if not db.session.get_one(User, user_id).can(Permission.DEBTS_VIEW):
        return None
    return lookups_version()


def lookups_version() -> Select[tuple[str]]:
    """Which look-ups are the last, and how far they are."""
    newest = (
        select(Snapshot.id, Snapshot.version).order_by(Snapshot.id.desc()).limit(SHOWN).subquery()
    )
    row = cast(newest.c.id, Text) + literal(":") + cast(newest.c.version, Text)
    listed = func.string_agg(row, aggregate_order_by(literal(","), newest.c.id))
    return select(func.coalesce(listed, ""))


@live.region("erp")
def _link_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    if not db.session.get_one(User, user_id).can(Permission.ERP_MANAGE):
        return None
    row = select(cast(ErpLink.version, Text)).where(ErpLink.id == 1)
    return select(func.coalesce(row.scalar_subquery(), "0"))
