"""What protocols announce: lists ask again, at most twice a second however many are handed out."""

from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy import Select, Text, cast, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app import live
from app.accounts.models import User
from app.extensions import db
from app.protocols import queries
from app.protocols.models import Protocol, ProtocolExport
from app.throttle import Throttle

ROOM = "protocols"  # everybody who may open them


def _touch_lists() -> None:
    live.touch(ROOM, "protocols:*", "contact-protocols:*")


# A protocol is new, or what lists show of one changed.
list_changed = Throttle(_touch_lists)


def protocol_changed(protocol_id: int) -> None:
    """Whoever has this protocol open asks for it again."""
    live.touch(ROOM, f"protocol:{protocol_id}")


def export_changed(made: ProtocolExport) -> None:
    """An export got further, is ready or failed: only who asked for it hears of it."""
    live.push(live.user_room(made.made_by_id), "protocols/live/export_changed.html", made=made)


def _id(argument: str) -> int | None:
    return int(argument) if argument.isdecimal() and len(argument) < 19 else None


@live.region("protocol")
def _protocol_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    protocol_id, viewer = _id(argument), db.session.get_one(User, user_id)
    if protocol_id is None:
        return None
    version: Any = cast(Protocol.version, Text)
    return queries.visible_to(viewer, select(version)).where(Protocol.id == protocol_id)


@live.region("protocols")
def _list_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    """The list's rows as "id:version,…" in order, "+" behind them when there are more.

    The argument is the filter, as in the list's address.
    """
    viewer = db.session.get_one(User, user_id)
    chosen = queries.parse_filter(dict(parse_qsl(argument)))
    more = shown.endswith("+")
    count = min(shown.count(":"), queries.MOST_ROWS)
    rows = (
        queries.query(viewer, chosen, Protocol.id, Protocol.version)
        .add_columns(func.row_number().over(order_by=queries.ORDER).label("place"))
        .limit(count if more else count + 1)
        .subquery()
    )
    line = cast(rows.c.id, Text) + literal(":") + cast(rows.c.version, Text)
    joined = func.string_agg(line, aggregate_order_by(literal(","), rows.c.place))
    return select(func.coalesce(joined, "") + literal("+" if more else ""))


@live.region("contact-protocols")
def _of_contact_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    contact_id, viewer = _id(argument), db.session.get_one(User, user_id)
    if contact_id is None:
        return None
    columns: Any = (Protocol.id, Protocol.version)
    newest = queries.visible_to(viewer, select(*columns))
    newest = newest.where(Protocol.contact_id == contact_id)
    rows = newest.order_by(Protocol.id.desc()).limit(queries.OF_CONTACT).subquery()
    line = cast(rows.c.id, Text) + literal(":") + cast(rows.c.version, Text)
    return select(
        func.coalesce(func.string_agg(line, aggregate_order_by(literal(","), rows.c.id)), "")
    )


@live.region("protocol-export")
def _export_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    export_id = _id(argument)
    if export_id is None:
        return None
    version: Any = cast(ProtocolExport.version, Text)
    return select(version).where(
        ProtocolExport.id == export_id, ProtocolExport.made_by_id == user_id
    )
