"""Reading labels: those on offer, those that something carries, and what changed."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, func, select

from app.company import memory
from app.extensions import db
from app.labels.models import Label


def folded_name() -> ColumnElement[str]:
    """The name as it is compared: without accents and case."""
    return func.fold(Label.name)


class Known(NamedTuple):
    """A label as every page knows it, without a query."""

    id: int
    name: str
    colour: str
    archived: bool
    version: int


def known() -> list[Known]:
    """All labels by name, from memory."""
    return memory.remember("labels", _read)


def _read() -> list[Known]:
    columns = (Label.id, Label.name, Label.colour, Label.archived, Label.version)
    query = select(*columns).order_by(folded_name(), Label.id)
    return [Known(*row) for row in db.session.execute(query)]


def everything() -> list[Label]:
    """All labels, those on offer first, by name."""
    return list(db.session.scalars(select(Label).order_by(Label.archived, folded_name(), Label.id)))


def offered() -> list[Label]:
    """The labels that can be put on something, by name."""
    return list(
        db.session.scalars(select(Label).where(~Label.archived).order_by(folded_name(), Label.id))
    )


def by_ids(ids: Iterable[int]) -> list[Label]:
    """These labels, archived ones too, by name."""
    query = select(Label).where(Label.id.in_(set(ids))).order_by(folded_name(), Label.id)
    return list(db.session.scalars(query))


def version() -> ScalarSelect[Any]:
    """The version of all labels together: it rises by one with each change of any of them."""
    return select(func.coalesce(func.sum(Label.version), 0)).scalar_subquery()
