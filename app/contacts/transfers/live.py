"""How far imports and exports got, on every screen that may see them."""

from typing import Any

from sqlalchemy import Select, Text, cast, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.contacts.transfers.models import ContactExport, ContactImport
from app.extensions import db
from app.live import push, region, touch, user_room

IMPORTS = "contact-imports"


def import_changed(made: ContactImport) -> None:
    """An import began, got further, or ended; who may take it back depends on who looks."""
    touch(IMPORTS, f"contact-import:{made.id}", "contact-imports:list")


def export_changed(made: ContactExport) -> None:
    """An export got further, is ready or failed: only who asked for it hears of it."""
    push(user_room(made.made_by_id), "contacts/live/export_changed.html", made=made)


def _may(user_id: int, permission: Permission) -> bool:
    return db.session.get_one(User, user_id).can(permission)


@region("contact-import")
def _import_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    known = argument.isdecimal() and len(argument) < 19
    if not (known and _may(user_id, Permission.CONTACTS_IMPORT)):
        return None
    version: Any = cast(ContactImport.version, Text)
    return select(version).where(ContactImport.id == int(argument))


@region("contact-imports")
def _imports_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    if not _may(user_id, Permission.CONTACTS_IMPORT):
        return None
    newest = (
        select(ContactImport.id, ContactImport.version)
        .order_by(ContactImport.id.desc())
        .limit(50)
        .subquery()
    )
    row = cast(newest.c.id, Text) + ":" + cast(newest.c.version, Text)
    listed = func.string_agg(row, aggregate_order_by(literal(","), newest.c.id.desc()))
    return select(func.coalesce(listed, ""))


@region("contact-export")
def _export_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    known = argument.isdecimal() and len(argument) < 19
    if not (known and _may(user_id, Permission.CONTACTS_EXPORT)):
        return None
    version: Any = cast(ContactExport.version, Text)
    return select(version).where(
        ContactExport.id == int(argument), ContactExport.made_by_id == user_id
    )
