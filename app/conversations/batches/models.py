"""An act on several conversations, and what became of each."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model

Timestamp = TIMESTAMP(timezone=True)


class Batch(Model):
    """What one person did with several conversations at once. The row is the truth: whoever holds
    its lease works on what still waits, and another goes on when that one dies.
    """

    __tablename__ = "batches"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    act: Mapped[str] = mapped_column(Text)
    arguments: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(Text, server_default="working")
    total: Mapped[int]
    lease_until: Mapped[datetime | None] = mapped_column(Timestamp)
    created_at: Mapped[datetime] = mapped_column(Timestamp)

    __table_args__ = (
        CheckConstraint("state IN ('working', 'done', 'undoing', 'undone')", name="state_known"),
        Index("ix_batches_pending", "id", postgresql_where=text("state IN ('working', 'undoing')")),
    )


class BatchItem(Model):
    """One of its conversations: the owner's version that the screen showed, and the outcome.

    `done` is what undoes it; `reason` why it was refused, or why it could not be undone.
    """

    __tablename__ = "batch_items"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    seen_version: Mapped[int]
    outcome: Mapped[str] = mapped_column(Text, server_default="waiting")
    reason: Mapped[str | None] = mapped_column(Text)
    done: Mapped[dict[str, Any] | None] = mapped_column(JSONB)

    __table_args__ = (
        CheckConstraint(
            "outcome IN ('waiting', 'done', 'same', 'refused', 'to_undo', 'undone', 'kept')",
            name="outcome_known",
        ),
    )
