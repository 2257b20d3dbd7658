"""How far each protocol got into the CRM, on the screens of those who may see it."""

from sqlalchemy import Select, Text, cast, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app import live
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.extensions import db
from app.protocols.crm.models import CrmEntry
from app.protocols.live import ROOM

SHOWN = 100


def entry_changed(protocol_id: int) -> None:
    """Whoever has the protocol open asks for what stands beside it."""
    live.touch(ROOM, f"protocol:{protocol_id}")


def list_changed() -> None:
    """Whoever looks at the list asks again."""
    live.touch(ROOM, "crm:list")


@live.region("crm")
def _list_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    if not db.session.get_one(User, user_id).can(Permission.CRM_MANAGE):
        return None
    return version()


def version() -> Select[tuple[str]]:
    """What the list shows, as one text."""
    newest = (
        select(CrmEntry.id, CrmEntry.version)
        .order_by((CrmEntry.state == "failed").desc(), CrmEntry.id.desc())
        .limit(SHOWN)
        .subquery()
    )
    row = cast(newest.c.id, Text) + literal(":") + cast(newest.c.version, Text)
    listed = func.string_agg(row, aggregate_order_by(literal(","), newest.c.id))
    return select(func.coalesce(listed, ""))
