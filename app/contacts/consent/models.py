"""The table of opt-outs. An ended one stays: it says who wanted what, and when."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Text, text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.extensions import Model

Timestamp = TIMESTAMP(timezone=True)


class OptOut(Model):
    """That a contact does not want messages that we begin; replies to what they write are fine."""

    __tablename__ = "contact_opt_outs"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    # None: on every channel.
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("channels.id"))
    source: Mapped[str] = mapped_column(Text)  # customer | staff | import
    reason: Mapped[str] = mapped_column(Text, server_default="")  # their words, or the staff's
    message_id: Mapped[int | None] = mapped_column(BigInteger)  # what they wrote
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(Timestamp)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))  # None: themselves
    ended_at: Mapped[datetime | None] = mapped_column(Timestamp)

    made_by: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[made_by_id])
    channel: Mapped[Any] = relationship("Channel", lazy="raise")  # of a higher feature: by name

    __table_args__ = (
        CheckConstraint("source IN ('customer', 'staff', 'import')", name="source_known"),
        # One at a time for every channel, or for one; also finds who opted out.
        Index(
            "uq_contact_opt_outs_active",
            "contact_id",
            text("coalesce(channel_id, 0)"),
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_contact_opt_outs_contact", "contact_id", "id"),
    )
