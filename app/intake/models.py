"""Receipts: each webhook as it arrived."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, Identity, Index, LargeBinary, Text, text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model

Timestamp = TIMESTAMP(timezone=True)


class Receipt(Model):
    """One call that reached us. Partitioned by month; `dedupe_key` is unique within one.

    `authenticated_by` says what proved the sender: `secret_address`, `previous_secret_address`, or
    `open_address` when nothing did.
    """

    __tablename__ = "receipts"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    month: Mapped[date] = mapped_column(Date, primary_key=True)
    received_at: Mapped[datetime] = mapped_column(Timestamp)
    route: Mapped[str] = mapped_column(Text)
    authenticated_by: Mapped[str] = mapped_column(Text)
    channel_id: Mapped[int | None] = mapped_column()
    instance_id: Mapped[str] = mapped_column(Text, server_default="")
    event_type: Mapped[str] = mapped_column(Text, server_default="")
    provider_id: Mapped[str] = mapped_column(Text, server_default="")
    provider_status: Mapped[str] = mapped_column(Text, server_default="")
    phone: Mapped[str] = mapped_column(Text, server_default="")
    dedupe_key: Mapped[str] = mapped_column(Text)
    header_names: Mapped[str] = mapped_column(Text, server_default="")
    body: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(Text, server_default="received")
    note: Mapped[str | None] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(server_default="0")
    next_try_at: Mapped[datetime | None] = mapped_column(Timestamp)
    replays: Mapped[int] = mapped_column(server_default="0")
    request_id: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint(
            "state IN ('received', 'processed', 'ignored', 'quarantined', 'rejected', 'failed')",
            name="state_known",
        ),
        Index("uq_receipts_dedupe_key", "month", "dedupe_key", unique=True),
        Index("ix_receipts_received_at", text("received_at DESC"), text("id DESC")),
        Index("ix_receipts_provider_id", "provider_id"),
        Index("ix_receipts_phone", "phone", text("id DESC")),
        Index(
            "ix_receipts_pending",
            "next_try_at",
            postgresql_where=text("state IN ('received', 'failed') AND next_try_at IS NOT NULL"),
        ),
        {"postgresql_partition_by": "RANGE (month)"},
    )
