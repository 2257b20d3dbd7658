"""Which promise holds for a conversation; from memory, without a query."""

from dataclasses import dataclass

from sqlalchemy import select

from app.company import memory
from app.deadlines.models import DeadlinePolicy
from app.extensions import db


@dataclass(frozen=True, slots=True)
class Policy:
    """A row of `models.DeadlinePolicy` as plain values."""

    team_id: int | None = None
    channel_id: int | None = None
    priority: int | None = None
    first_minutes: int | None = None
    next_minutes: int | None = None
    resolution_minutes: int | None = None
    in_hours: bool = True
    pauses_snoozed: bool = True
    pauses_waiting: bool = True
    warn_percent: int = 80

    def fits(self, team_id: int | None, channel_id: int, priority: int) -> bool:
        """Whether it speaks of such a conversation."""
        return (
            self.team_id in (None, team_id)
            and self.channel_id in (None, channel_id)
            and self.priority in (None, priority)
        )


NAMES = tuple(Policy.__dataclass_fields__)
ORDER = (DeadlinePolicy.position, DeadlinePolicy.id)


def policy_of(team_id: int | None, channel_id: int, priority: int) -> Policy | None:
    """The first that fits; None when nothing was promised."""
    fitting = (one for one in known() if one.fits(team_id, channel_id, priority))
    return next(fitting, None)


def known() -> list[Policy]:
    """Those in use, in their order."""
    return memory.remember("deadlines", _read)


def _read() -> list[Policy]:
    columns = [getattr(DeadlinePolicy, name) for name in NAMES]
    query = select(*columns).where(DeadlinePolicy.active).order_by(*ORDER)
    return [Policy(*row) for row in db.session.execute(query)]


def everything() -> list[DeadlinePolicy]:
    """The rows, for their page: those in use first, as they are asked."""
    return list(db.session.scalars(select(DeadlinePolicy).order_by(*ORDER)))
