"""The version of the board: it changes with every turn, every switch and everyone who waits.

Nothing is pushed for it alone: the touches of the turn and of the line name its region.
"""

from typing import Any

from sqlalchemy import Select, func, literal, select

from app.consultants import availability
from app.consultants import live as turn
from app.consultants.models import HandOut
from app.forwarding.models import Waiting
from app.live import region


def version() -> Select[tuple[str]]:
    """Everything the board shows, as one short text."""
    newest = select(func.coalesce(func.max(HandOut.id), 0)).scalar_subquery()
    undone = (
        select(func.count())
        .select_from(HandOut)
        .where(HandOut.undone_at.is_not(None))
        .scalar_subquery()
    )
    held = (
        select(func.count())
        .select_from(HandOut)
        .where(HandOut.conversation_id.is_not(None), HandOut.released_at.is_(None))
        .scalar_subquery()
    )
    waits = (
        select(func.concat(func.count(), ".", func.sum(Waiting.version), ".", func.max(Waiting.id)))
        .where(Waiting.state == "waiting")
        .scalar_subquery()
    )
    # Whose hours began or ended changes nothing in the database.
    off = literal("+".join(str(one) for one in sorted(availability.off_hours())))
    everything: Any = func.concat(
        turn.every_version().scalar_subquery(), "/", newest, ".", undone, ".", held, "/", waits,
        "/", off,
    )  # fmt: skip
    return select(everything)


@region("turn")
def _turn_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    return version() if turn.sees(user_id) else None
