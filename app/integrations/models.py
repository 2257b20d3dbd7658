"""The ledger of calls to outside systems, and of what they answered."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, Identity, Index, Text, text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class OutsideCall(Model):
    """One attempt. Addresses and texts are redacted before they get here. Partitioned by month."""

    __tablename__ = "outside_calls"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    month: Mapped[date] = mapped_column(Date, primary_key=True)
    at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True))
    vendor: Mapped[str] = mapped_column(Text)
    method: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    status: Mapped[int | None] = mapped_column()
    milliseconds: Mapped[int] = mapped_column()
    outcome: Mapped[str] = mapped_column(Text)  # ok | refused | unknown | never_left
    error: Mapped[str | None] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text, server_default="")  # "outbox:12"
    request_id: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index("ix_outside_calls_at", text("at DESC"), text("id DESC")),
        Index("ix_outside_calls_subject", "subject", text("id DESC")),
        {"postgresql_partition_by": "RANGE (month)"},
    )
