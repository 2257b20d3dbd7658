"""Consultants, the one row of their queue, and what was decided each time a turn was taken."""

from datetime import datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.extensions import Model
from app.protocols.models import Protocol
from app.words import initials

Timestamp = TIMESTAMP(timezone=True)

SWITCHES = ("online", "paused", "offline")


class Consultant(Model):
    """Somebody to whom customers are handed in turn. Never deleted: protocols name them for ever.

    `turn` is their place in the order, from the counter on the queue's locked row: the lowest is
    next. `online` is what the turn asks; `switch` is what was last chosen, by themselves or for
    them, and `here` whether the dashboard of their log-in is open.
    """

    __tablename__ = "consultants"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    active: Mapped[bool] = mapped_column(server_default="true")
    in_sequence: Mapped[bool] = mapped_column(server_default="true")
    online: Mapped[bool] = mapped_column(server_default="false")
    switch: Mapped[str] = mapped_column(Text, server_default="offline")
    pause_reason: Mapped[str] = mapped_column(Text, server_default="")
    # Since when they are online, paused or offline.
    switched_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    here: Mapped[bool] = mapped_column(server_default="false")
    pipedrive_id: Mapped[int | None] = mapped_column(BigInteger)
    # Of open conversations at once; null: as many as come.
    capacity: Mapped[int | None] = mapped_column(Integer)
    # Of each weekday, Monday first, as minutes of the day: [[[480, 720]], …]; null: always.
    hours: Mapped[list[list[list[int]]] | None] = mapped_column(JSONB(none_as_null=True))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    turn: Mapped[int] = mapped_column(BigInteger)
    attended_at: Mapped[datetime | None] = mapped_column(Timestamp)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    # Out of the company: unknown to the API, kept for the protocols' sake.
    left_at: Mapped[datetime | None] = mapped_column(Timestamp)
    version: Mapped[int] = mapped_column(BigInteger, server_default="1")

    user: Mapped[User | None] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("cardinality(languages) > 0", name="speaks"),
        CheckConstraint("switch IN ('online', 'paused', 'offline')", name="switch_known"),
        CheckConstraint("NOT online OR switch = 'online'", name="online_by_switch"),
        CheckConstraint("left_at IS NULL OR NOT active", name="left_is_inactive"),
        CheckConstraint("capacity > 0", name="capacity_positive"),
        Index(
            "uq_consultants_user_id", "user_id", unique=True,
            postgresql_where=text("user_id IS NOT NULL"),
        ),
    )  # fmt: skip

    @property
    def initials(self) -> str:
        """Up to two letters for the avatar."""
        return initials(self.name)

    @property
    def state(self) -> str:
        """online, paused or offline, as boards show it."""
        if self.online:
            return "online"
        return "paused" if self.switch == "paused" else "offline"


class ConsultantQueue(Model):
    """The one row that whoever takes a turn locks before anything is read.

    `turns` rises with each attempt under that lock, so it orders what `now()` cannot: a time is
    older than the wait for the lock.
    """

    __tablename__ = "consultant_queue"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    turns: Mapped[int] = mapped_column(BigInteger, server_default="0")
    paused_at: Mapped[datetime | None] = mapped_column(Timestamp)
    paused_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    pause_reason: Mapped[str] = mapped_column(Text, server_default="")
    version: Mapped[int] = mapped_column(BigInteger, server_default="1")

    paused_by: Mapped[User | None] = relationship(lazy="raise")

    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)


class HandOut(Model):
    """One turn taken: who got it, by what decision, and for which conversation, if any.

    `considered` keeps the ids of everybody looked at by what became of them: `eligible` in the
    order of their turn, the others under the reason for which they were skipped. While
    `released_at` is null the conversation is theirs and counts towards their capacity.
    """

    __tablename__ = "hand_outs"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    consultant_id: Mapped[int] = mapped_column(ForeignKey("consultants.id"))
    protocol_id: Mapped[int] = mapped_column(ForeignKey("protocols.id"))
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"))
    language: Mapped[str] = mapped_column(Text)
    considered: Mapped[dict[str, list[int]]] = mapped_column(JSONB)
    made_at: Mapped[datetime] = mapped_column(Timestamp)
    # Who asked for it: a person, or the name of a program.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    by_name: Mapped[str] = mapped_column(Text, server_default="")
    # Where the consultant stood before: undoing puts them back.
    turn_before: Mapped[int] = mapped_column(BigInteger)
    attended_before: Mapped[datetime | None] = mapped_column(Timestamp)
    released_at: Mapped[datetime | None] = mapped_column(Timestamp)
    undone_at: Mapped[datetime | None] = mapped_column(Timestamp)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    undo_reason: Mapped[str] = mapped_column(Text, server_default="")

    consultant: Mapped[Consultant] = relationship(lazy="raise")
    protocol: Mapped[Protocol] = relationship(lazy="raise")

    __table_args__ = (
        # What a consultant has open: the capacity is asked of it at every turn.
        Index(
            "ix_hand_outs_open", "consultant_id",
            postgresql_where=text("conversation_id IS NOT NULL AND released_at IS NULL"),
        ),
        Index("ix_hand_outs_conversation", "conversation_id", text("id DESC")),
        Index("ix_hand_outs_protocol", "protocol_id"),
        Index("ix_hand_outs_made", text("made_at DESC"), "consultant_id"),
    )  # fmt: skip
