"""Which views a person can choose, and how many conversations each of them holds."""

from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy import Select, func, literal, or_, select, union_all
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.conversations import counters, filters, queries
from app.conversations.models import Conversation
from app.conversations.views.models import SavedView
from app.extensions import db


def of(viewer: User) -> list[SavedView]:
    """The views this person can choose: everybody's first, by name."""
    query = (
        select(SavedView)
        .where(
            SavedView.deleted_at.is_(None),
            or_(SavedView.shared, SavedView.owner_id == viewer.id),
        )
        .options(joinedload(SavedView.owner))
        .order_by(SavedView.shared.desc(), func.fold(SavedView.name), SavedView.id)
    )
    return list(db.session.scalars(query))


def totals(viewer: User, views: list[SavedView]) -> dict[int, str]:
    """What each holds, "7" or "99+", by its id: one statement for all of them."""
    if not views:
        return {}
    return {row.id: row.total for row in db.session.execute(counted(viewer, views))}


def counted(viewer: User, views: list[SavedView]) -> Select[Any]:
    """The same as rows of a larger query; at least one view."""
    parts = [select(literal(one.id).label("id"), _total(viewer, one)) for one in views]
    rows = union_all(*parts).subquery()
    return select(rows.c.id, rows.c.total)


def _total(viewer: User, view: SavedView) -> Any:
    given = dict(parse_qsl(view.query))
    narrowed = filters.read(view.query)
    tab, order = given.get("aba", "all"), given.get("ordem", "newest")
    rows = queries.list_query(viewer, tab, order, Conversation.id, filters=narrowed)
    return counters.up_to_most(rows).label("total")
