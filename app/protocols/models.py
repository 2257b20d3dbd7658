"""Protocols, the counter of their numbers, and the timeline of each."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.contacts.models import Contact
from app.exports.models import STATES, ExportFile
from app.extensions import Model

Timestamp = TIMESTAMP(timezone=True)

STATUSES = ("open", "in_progress", "waiting", "closed", "cancelled")
CHOSEN = STATUSES[:-1]  # cancelled is only what was undone
PRIORITIES = ("low", "normal", "high", "urgent")


class ProtocolCounter(Model):
    """The last number given out: one row, locked from then until the transaction ends.

    A sequence would leave a gap wherever a transaction is rolled back.
    """

    __tablename__ = "protocol_counter"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(BigInteger, server_default="0")

    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)


class Protocol(Model):
    """What a conversation, or a caller of the API, is known by for ever. Never deleted.

    `number` is written `#00001` and grows without a limit. `version` rises with each change.
    """

    __tablename__ = "protocols"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, unique=True)
    # Of the room above: its table is named by the migration alone.
    consultant_id: Mapped[int | None] = mapped_column(Integer)
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    language: Mapped[str | None] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, server_default="")
    priority: Mapped[str] = mapped_column(Text, server_default="normal")
    status: Mapped[str] = mapped_column(Text, server_default="open")
    created_at: Mapped[datetime] = mapped_column(Timestamp)
    updated_at: Mapped[datetime] = mapped_column(Timestamp)
    closed_at: Mapped[datetime | None] = mapped_column(Timestamp)
    version: Mapped[int] = mapped_column(server_default="1")

    contact: Mapped[Contact | None] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint(
            "status IN ('open', 'in_progress', 'waiting', 'closed', 'cancelled')",
            name="status_known",
        ),
        CheckConstraint("priority IN ('low', 'normal', 'high', 'urgent')", name="priority_known"),
        CheckConstraint(
            "(status IN ('closed', 'cancelled')) = (closed_at IS NOT NULL)", name="closed_has_time"
        ),
        # The list's order, alone and under each of its filters.
        Index("ix_protocols_newest", text("created_at DESC"), text("id DESC")),
        Index("ix_protocols_status", "status", text("created_at DESC"), text("id DESC")),
        Index("ix_protocols_consultant", "consultant_id", text("created_at DESC"), text("id DESC")),
        Index(
            "ix_protocols_language", text("lower(language)"), text("created_at DESC"),
            text("id DESC"),
        ),
        Index("ix_protocols_conversation", "conversation_id", text("id DESC")),
        Index("ix_protocols_contact", "contact_id", text("id DESC")),
    )  # fmt: skip


class ProtocolEvent(Model):
    """One thing that happened to a protocol. Added, never changed: the database refuses it."""

    __tablename__ = "protocol_events"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    protocol_id: Mapped[int] = mapped_column(ForeignKey("protocols.id"))
    at: Mapped[datetime] = mapped_column(Timestamp)
    kind: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    actor_name: Mapped[str] = mapped_column(Text, server_default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")

    actor: Mapped[User | None] = relationship(lazy="raise")

    __table_args__ = (Index("ix_protocol_events_protocol", "protocol_id", "id"),)


class ProtocolExport(ExportFile, Model):
    """A spreadsheet of protocols."""

    __tablename__ = "protocol_exports"

    content_key: Mapped[str | None] = mapped_column("storage_key", Text)
    content_size: Mapped[int] = mapped_column("size", BigInteger, server_default="0")

    __table_args__ = (
        CheckConstraint(STATES, name="state_known"),
        Index("ix_protocol_exports_made_by", "made_by_id", "id"),
    )
