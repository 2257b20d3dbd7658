"""The names that a page of the list shows, read in at most one query."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, literal, select, union_all

from app.accounts.models import User
from app.channels.models import Channel
from app.conversations.filters import NOTHING, Filters
from app.conversations.models import Conversation
from app.extensions import db
from app.labels import queries as labels
from app.teams.models import Team


@dataclass(frozen=True, slots=True)
class Names:
    """Names by what they name, as filters write it: ("canal", "3")."""

    labels_version: int = 0
    by_value: dict[tuple[str, str], str] = field(default_factory=dict)


def read(rows: Iterable[Conversation], filters: Filters = NOTHING) -> Names:
    """The names in the filters, and the version of all labels together: 0 when none is shown."""
    people = [int(one) for one in filters.owners if one.isdecimal()]
    parts = [
        _named(kind, model, ids)
        for kind, model, ids in (
            ("canal", Channel, filters.channels),
            ("equipe", Team, filters.teams),
            ("dono", User, people),
        )
        if ids
    ]
    found = db.session.execute(union_all(*parts)).all() if parts else []
    names = {(row.kind, str(row.id)): row.name for row in found}
    shown = {one for row in rows for one in row.label_ids} | set(filters.labels) - {0}
    if not shown:
        return Names(0, names)
    known = labels.known()
    names |= {("etiqueta", str(one.id)): one.name for one in known}
    return Names(sum(one.version for one in known), names)


def _named(kind: str, model: type[Channel | Team | User], ids: Iterable[int]) -> Select[Any]:
    columns: list[Any] = [model.id.label("id"), model.name.label("name")]
    return select(literal(kind).label("kind"), *columns).where(model.id.in_(ids))
