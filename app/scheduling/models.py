"""The table of scheduled messages."""

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
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.conversations.models import Conversation, Message
from app.extensions import Model

Timestamp = TIMESTAMP(timezone=True)

OPEN = ("waiting", "missed")


class ScheduledMessage(Model):
    """A text that leaves by itself at `send_at`, or says in `reason` why it did not.

    `waiting` becomes `sent` in the transaction that writes the message, so two workers or a killed
    one send it once; `missed` waits for a person, `cancelled` is over.
    """

    __tablename__ = "scheduled_messages"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    body: Mapped[str] = mapped_column(Text)
    quoted_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    # The ready texts in it: each counts as used when it leaves.
    quick_replies: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default="{}")
    send_at: Mapped[datetime] = mapped_column(Timestamp)
    cancel_if_answered: Mapped[bool] = mapped_column(server_default="true")
    state: Mapped[str] = mapped_column(Text, server_default="waiting")
    reason: Mapped[str | None] = mapped_column(Text)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    client_key: Mapped[str | None] = mapped_column(Text, unique=True)  # a repeat is one
    created_at: Mapped[datetime] = mapped_column(Timestamp)
    settled_at: Mapped[datetime | None] = mapped_column(Timestamp)
    version: Mapped[int] = mapped_column(server_default="1")

    conversation: Mapped[Conversation] = relationship(lazy="raise")
    author: Mapped[User] = relationship(lazy="raise")
    quoted: Mapped[Message | None] = relationship(lazy="raise", foreign_keys=[quoted_id])

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sent', 'cancelled', 'missed')", name="state_known"),
        Index("ix_scheduled_messages_due", "send_at", postgresql_where=text("state = 'waiting'")),
        Index(
            "ix_scheduled_messages_conversation",
            "conversation_id",
            "send_at",
            postgresql_where=text("state IN ('waiting', 'missed')"),
        ),
        Index("ix_scheduled_messages_author", "author_id", "state", text("id DESC")),
        Index("ix_scheduled_messages_state", "state", text("id DESC")),
    )
