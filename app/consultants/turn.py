"""Whose turn it is: one call under the queue's lock, then what was decided is kept.

The lock on the queue's row is held from `choose` until the transaction ends, so choose late.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ARRAY, Integer, Interval, bindparam, column, insert, text

from app import clock, rows
from app.accounts.models import User
from app.consultants import availability
from app.consultants.models import Consultant, HandOut
from app.protocols.models import Protocol

Considered = Mapping[str, list[int]]

# What a hand-out's caller tells of the consultant, read under the same lock.
_COLUMNS = (
    "id", "name", "email", "phone", "languages", "active", "in_sequence", "online", "switch",
    "pause_reason", "pipedrive_id", "capacity", "user_id", "turn", "attended_at", "left_at",
    "version",
)  # fmt: skip
_DECISION = ("considered", "turn_before", "attended_before")
# In their order and typed: SQLAlchemy then makes out the answer's shape once, not at every call.
_SHAPE = [column(name, Consultant.__table__.c[name].type) for name in _COLUMNS]
_SHAPE += [column(name, HandOut.__table__.c[name].type) for name in _DECISION]
_FIELDS = ", ".join(f"(t.taken).{name} AS {name}" for name in _COLUMNS)
_TAKE = (
    text(
        f"SELECT {_FIELDS}, t.considered AS considered, t.turn_before AS turn_before,"  # noqa: S608 - of our own columns
        " t.attended_before AS attended_before"
        " FROM take_turn(:wanted, :off_hours, :refused, :shift) AS t"
    )
    .bindparams(
        bindparam("off_hours", type_=ARRAY(Integer)),
        bindparam("refused", type_=ARRAY(Integer)),
        bindparam("shift", type_=Interval),
    )
    .columns(*_SHAPE)
)
_KEEP = insert(HandOut).returning(HandOut.id)


@dataclass(frozen=True, slots=True)
class Choice:
    """Who was chosen, if anybody, by what decision, and where they stood before."""

    consultant: Consultant | None
    language: str
    considered: Considered
    turn_before: int
    attended_before: datetime | None


def choose(language: str, refused: Collection[int] = ()) -> Choice:
    """Take the turn for a language in the transaction under way; the queue stays locked.

    `refused` are consultants who must not have it this time.
    """
    given = {
        "wanted": language,
        "off_hours": availability.off_hours(),
        "refused": list(refused),
        "shift": clock.shifted(),
    }
    row = rows.execute(_TAKE, given).one()
    chosen = None
    if row.id is not None:
        chosen = rows.present(Consultant, {name: getattr(row, name) for name in _COLUMNS})
    return Choice(chosen, language, row.considered, row.turn_before, row.attended_before)


def keep(
    choice: Choice,
    consultant: Consultant,
    protocol: Protocol,
    conversation_id: int | None,
    by: User | str,
) -> HandOut:
    """The decision as a row, in the same transaction."""
    kept = {
        "consultant_id": consultant.id,
        "protocol_id": protocol.id,
        "conversation_id": conversation_id,
        "language": choice.language,
        "considered": dict(choice.considered),
        "made_at": consultant.attended_at,
        "by_id": by.id if isinstance(by, User) else None,
        "by_name": by.name if isinstance(by, User) else by,
        "turn_before": choice.turn_before,
        "attended_before": choice.attended_before,
    }
    hand_out_id = rows.execute(_KEEP, kept).scalar_one()
    return rows.present(
        HandOut,
        {
            "id": hand_out_id,
            **kept,
            "released_at": None,
            "undone_at": None,
            "consultant": consultant,
            "protocol": protocol,
        },
    )
