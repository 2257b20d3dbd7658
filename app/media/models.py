"""The table of files: whose they are, where they lie, and what became of getting them."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model

Timestamp = TIMESTAMP(timezone=True)


class Attachment(Model):
    """One file. It hangs on a message, on a contact, or (uploaded, not sent yet) on its uploader.

    `waiting` → `fetching` (a worker holds the lease) → `ready`, or `failed` with the reason. With a
    `source_url` it is fetched from outside; without, its bytes are stored already. `kind` is what
    it is shown as, `type` what its content says it is; `declared_type` is only what was claimed.
    """

    __tablename__ = "attachments"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    place: Mapped[int] = mapped_column(server_default="0")  # among those of one message
    kind: Mapped[str] = mapped_column(Text)  # image | audio | video | document | sticker
    is_voice: Mapped[bool] = mapped_column(server_default="false")  # recorded, not a song
    view_once: Mapped[bool] = mapped_column(server_default="false")

    state: Mapped[str] = mapped_column(Text, server_default="waiting")
    reason: Mapped[str | None] = mapped_column(Text)  # why it failed, or is only a file to download
    attempts: Mapped[int] = mapped_column(server_default="0")
    next_try_at: Mapped[datetime] = mapped_column(Timestamp)
    lease_until: Mapped[datetime | None] = mapped_column(Timestamp)
    source_url: Mapped[str | None] = mapped_column(Text)

    name: Mapped[str] = mapped_column(Text, server_default="")
    declared_type: Mapped[str] = mapped_column(Text, server_default="")
    type: Mapped[str] = mapped_column(Text, server_default="")
    size: Mapped[int | None] = mapped_column(BigInteger)  # bytes
    sha256: Mapped[str | None] = mapped_column(Text)
    storage_key: Mapped[str | None] = mapped_column(Text)
    thumbnail_key: Mapped[str | None] = mapped_column(Text)  # a WebP, at most 640 px wide or high
    width: Mapped[int | None] = mapped_column()
    height: Mapped[int | None] = mapped_column()
    seconds: Mapped[float | None] = mapped_column()
    pages: Mapped[int | None] = mapped_column()
    waveform: Mapped[bytes | None] = mapped_column(LargeBinary)  # loudness 0 … 100, 64 of them
    created_at: Mapped[datetime] = mapped_column(Timestamp)
    ready_at: Mapped[datetime | None] = mapped_column(Timestamp)

    __table_args__ = (
        CheckConstraint(
            "kind IN ('image', 'audio', 'video', 'document', 'sticker')", name="kind_known"
        ),
        CheckConstraint("state IN ('waiting', 'fetching', 'ready', 'failed')", name="state_known"),
        Index(
            "ix_attachments_message",
            "message_id",
            "place",
            postgresql_where=text("message_id IS NOT NULL"),
        ),
        Index(
            "ix_attachments_contact",
            "contact_id",
            text("id DESC"),
            postgresql_where=text("contact_id IS NOT NULL"),
        ),
        # What the sweep looks for, and what was uploaded and never sent.
        Index(
            "ix_attachments_due",
            "next_try_at",
            postgresql_where=text("state IN ('waiting', 'fetching')"),
        ),
        Index(
            "ix_attachments_unused",
            "created_at",
            postgresql_where=text("message_id IS NULL AND contact_id IS NULL"),
        ),
    )
