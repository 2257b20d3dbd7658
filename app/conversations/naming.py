"""The names that a page of the list shows, read in one query: labels of rows, names in filters."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Integer, Select, Text, cast, false, func, literal, null, select, union_all

from app.accounts.models import User
from app.channels.models import Channel
from app.conversations.filters import NOTHING, Filters
from app.conversations.models import Conversation
from app.extensions import db
from app.labels import queries as labels
from app.labels.models import Label
from app.teams.models import Team


@dataclass(frozen=True, slots=True)
class Names:
    """Names by what they name, as filters write it: ("canal", "3")."""

    labels_version: int = 0
    by_value: dict[tuple[str, str], str] = field(default_factory=dict)


def read(rows: Iterable[Conversation], filters: Filters = NOTHING) -> Names:
    """Read the labels of all these rows, for `labels_of` in this session, and the filters' names.

    The labels' version is that of all labels together, or 0 when none is shown.
    """
    label_ids = {one for row in rows for one in row.label_ids} | set(filters.labels) - {0}
    people = [int(one) for one in filters.owners if one.isdecimal()]
    parts = [_labels(label_ids)] if label_ids else []
    parts += [
        _named(kind, model, ids)
        for kind, model, ids in (
            ("canal", Channel, filters.channels),
            ("equipe", Team, filters.teams),
            ("dono", User, people),
        )
        if ids
    ]
    found = db.session.execute(union_all(*parts).order_by("place", "id")).all() if parts else []
    db.session.info["labels_read"] = {
        row.id: Label(id=row.id, name=row.name, colour=row.colour, archived=row.archived)
        for row in found
        if row.kind == "etiqueta"
    }
    version = max((int(row.total) for row in found), default=0)
    return Names(version, {(row.kind, str(row.id)): row.name for row in found})


def _labels(ids: Iterable[int]) -> Select[Any]:
    return select(
        literal("etiqueta").label("kind"),
        Label.id.label("id"),
        Label.name.label("name"),
        labels.folded_name().label("place"),
        Label.colour.label("colour"),
        Label.archived.label("archived"),
        labels.version().label("total"),
    ).where(Label.id.in_(ids))


def _named(kind: str, model: type[Channel | Team | User], ids: Iterable[int]) -> Select[Any]:
    return select(
        literal(kind).label("kind"),
        model.id.label("id"),
        model.name.label("name"),
        func.fold(model.name).label("place"),
        cast(null(), Text).label("colour"),
        false().label("archived"),
        cast(0, Integer).label("total"),
    ).where(model.id.in_(ids))
