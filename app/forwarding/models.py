"""The line of customers for whom no consultant was free."""

from datetime import datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.consultants.models import HandOut
from app.conversations.models import Conversation
from app.extensions import Model

Timestamp = TIMESTAMP(timezone=True)
_WAITING = text("state = 'waiting'")


class Waiting(Model):
    """One wait of one conversation; once it is over the row stays, to tell how long it took.

    The line is ordered by `place`, then `id`: who is put back in front gets a place before all.
    `considered` says why nobody was free when it was last looked at, `refused` which consultants
    did not answer this customer.
    """

    __tablename__ = "waiting_line"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    language: Mapped[str] = mapped_column(Text)
    place: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(Text, server_default="waiting")  # waiting | handed | left
    entered_at: Mapped[datetime] = mapped_column(Timestamp)
    settled_at: Mapped[datetime | None] = mapped_column(Timestamp)
    hand_out_id: Mapped[int | None] = mapped_column(ForeignKey("hand_outs.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    considered: Mapped[dict[str, list[int]]] = mapped_column(JSONB, server_default="{}")
    refused: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default="{}")
    # What the customer was last told, and when.
    told_position: Mapped[int | None] = mapped_column(Integer)
    told_at: Mapped[datetime | None] = mapped_column(Timestamp)
    version: Mapped[int] = mapped_column(server_default="1")

    conversation: Mapped[Conversation] = relationship(lazy="raise")
    by: Mapped[User | None] = relationship(lazy="raise")
    hand_out: Mapped[HandOut | None] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'handed', 'left')", name="state_known"),
        Index(
            "uq_waiting_line_conversation", "conversation_id", unique=True,
            postgresql_where=_WAITING,
        ),
        Index("ix_waiting_line_order", "place", "id", postgresql_where=_WAITING),
        # How long the last ones waited.
        Index(
            "ix_waiting_line_settled", text("settled_at DESC"),
            postgresql_where=text("state = 'handed'"),
        ),
    )  # fmt: skip
