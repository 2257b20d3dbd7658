"""Finding reasons: those that are offered, from memory, and all of them for their page."""

from typing import NamedTuple

from sqlalchemy import select

from app.closing_reasons.models import ClosingReason
from app.company import memory
from app.extensions import db

ORDER = (ClosingReason.active.desc(), ClosingReason.position, ClosingReason.id)


class Reason(NamedTuple):
    """A reason as every desk knows it, without a query."""

    id: int
    name: str
    active: bool


def known() -> list[Reason]:
    """All of them, those in use first, in their order."""
    return memory.remember("closing_reasons", _read)


def offered() -> list[Reason]:
    """Those that can be chosen now."""
    return [reason for reason in known() if reason.active]


def name_of(reason_id: int | None) -> str | None:
    """What a conversation was closed for, archived reasons included."""
    return next((reason.name for reason in known() if reason.id == reason_id), None)


def everything() -> list[ClosingReason]:
    """The rows, for their page."""
    return list(db.session.scalars(select(ClosingReason).order_by(*ORDER)))


def _read() -> list[Reason]:
    query = select(ClosingReason.id, ClosingReason.name, ClosingReason.active).order_by(*ORDER)
    return [Reason(*row) for row in db.session.execute(query)]
