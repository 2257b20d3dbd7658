"""The table of our own acts on messages, which is also their outbox."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.conversations.models import Message
from app.extensions import Model

Timestamp = TIMESTAMP(timezone=True)

REACTION, EDIT, DELETION = "reaction", "edit", "deletion"
PENDING = ("queued", "sending")
# A person may still try it again, or give it up.
UNDONE = ("failed", "uncertain")


class MessageAct(Model):
    """That something has to be done to a message at the customer's. The row is the truth.

    `body` is the emoji (empty: our reaction is taken away) or the new text; `before` what stood
    there until it was done. The message shows the newest act of each kind that is not over yet
    (`payload["acts"]`), so that a thread asks for nothing more.
    """

    __tablename__ = "message_acts"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text, server_default="")
    before: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default="queued")
    error: Mapped[str | None] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(server_default="0")
    next_try_at: Mapped[datetime] = mapped_column(Timestamp)
    lease_until: Mapped[datetime | None] = mapped_column(Timestamp)
    provider_id: Mapped[str | None] = mapped_column(Text)
    queue_id: Mapped[str | None] = mapped_column(Text)
    request_id: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(Timestamp)

    message: Mapped[Message] = relationship(lazy="raise")
    by: Mapped[User] = relationship(lazy="joined")

    __table_args__ = (
        CheckConstraint("kind IN ('reaction', 'edit', 'deletion')", name="kind_known"),
        CheckConstraint(
            "state IN ('queued', 'sending', 'uncertain', 'done', 'failed', 'cancelled')",
            name="state_known",
        ),
        Index(
            "uq_message_acts_queued",
            "message_id",
            "kind",
            unique=True,
            postgresql_where=text("state = 'queued'"),
        ),
        Index("ix_message_acts_message", "message_id", "kind", "id"),
        Index(
            "ix_message_acts_pending",
            "channel_id",
            "id",
            postgresql_where=text("state IN ('queued', 'sending')"),
        ),
        Index(
            "ix_message_acts_uncertain",
            "channel_id",
            "id",
            postgresql_where=text("state = 'uncertain'"),
        ),
        Index(
            "ix_message_acts_provider_id",
            "channel_id",
            "provider_id",
            postgresql_where=text("provider_id IS NOT NULL"),
        ),
        Index(
            "ix_message_acts_queue_id", "queue_id", postgresql_where=text("queue_id IS NOT NULL")
        ),
    )
