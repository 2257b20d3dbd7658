"""What contacts announce to the screens."""

from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy import Select, Text, cast, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app import live
from app.accounts.models import AuditEntry, User
from app.accounts.permissions import Permission
from app.contacts import listing
from app.contacts.custom_fields import queries as fields
from app.contacts.files import queries as files
from app.contacts.models import Contact
from app.extensions import db

ROOM = "inbox"


def contact_changed(contact_id: int) -> None:
    """Whoever shows this contact asks for it again."""
    parts = ("contact", "contact-history", "contact-files")
    live.touch(ROOM, *(f"{part}:{contact_id}" for part in parts))


def files_changed(contact_id: int) -> None:
    """A worker has examined one of the contact's files."""
    live.touch(ROOM, f"contact-files:{contact_id}")


def list_changed() -> None:
    """Every list of contacts asks again, each for what its own filter lets through."""
    live.touch(ROOM, "contacts:*")


def _may_view(user_id: int) -> bool:
    return db.session.get_one(User, user_id).can(Permission.CONVERSATIONS_VIEW)


def _id(argument: str) -> int | None:
    return int(argument) if argument.isdecimal() and len(argument) < 19 else None


@live.region("contact")
def _contact_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    contact_id = _id(argument)
    if contact_id is None or not _may_view(user_id):
        return None
    version: Any = cast(Contact.version + fields.version(), Text)
    return select(version).where(Contact.id == contact_id)


@live.region("contact-history")
def _history_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    contact_id = _id(argument)
    if contact_id is None or not _may_view(user_id):
        return None
    newest: Any = cast(func.coalesce(func.max(AuditEntry.id), 0), Text)
    return select(newest).where(
        AuditEntry.entity_type == "contact", AuditEntry.entity_id == str(contact_id)
    )


@live.region("contact-files")
def _files_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    contact_id = _id(argument)
    if contact_id is None or not _may_view(user_id):
        return None
    return files.version(contact_id)


@live.region("contacts")
def _list_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    """The list's rows as "id:version,…" in order, "+" behind them when there are more.

    The argument is the filter, as in the list's address.
    """
    if not _may_view(user_id):
        return None
    chosen = listing.parse_filter(dict(parse_qsl(argument)))
    more = shown.endswith("+")
    count = min(shown.count(":"), listing.MOST_ROWS)
    order = listing.ordering(chosen.order)
    rows = (
        listing.query(chosen, Contact.id, Contact.version)
        .add_columns(func.row_number().over(order_by=order).label("place"))
        .limit(count if more else count + 1)
        .subquery()
    )
    line = cast(rows.c.id, Text) + literal(":") + cast(rows.c.version, Text)
    joined = func.string_agg(line, aggregate_order_by(literal(","), rows.c.place))
    return select(func.coalesce(joined, "") + literal("+" if more else ""))
