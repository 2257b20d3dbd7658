"""What look-ups announce, and how their regions' versions are read."""

from sqlalchemy import Select, Text, cast, literal, select

from app import live
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.debts.lookups.models import Snapshot
from app.extensions import db

ROOM = "debts"  # everybody who may see what customers owe


def snapshot_changed(mark: str) -> None:
    """Whoever has this customer open asks again."""
    live.touch(ROOM, f"debts:{mark}")


@live.region("debts")
def _customer_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    if not db.session.get_one(User, user_id).can(Permission.DEBTS_VIEW):
        return None
    return version(argument)


def version(mark: str) -> Select[tuple[str]]:
    """Which look-up of a customer is the last, and how far it is."""
    row = cast(Snapshot.id, Text) + literal(":") + cast(Snapshot.version, Text)
    newest = select(row).where(Snapshot.mark == mark).order_by(Snapshot.id.desc()).limit(1)
    return select(newest.scalar_subquery())
