"""What is to be written to the CRM. The row is the truth, a job only a wake-up."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Text, text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.protocols.models import Protocol

Timestamp = TIMESTAMP(timezone=True)


class CrmEntry(Model):
    """One protocol's way into the CRM: each id is kept as soon as it is known, so that no step is
    done twice.

    queued → sending → done; or queued again for later, or failed with the reason, for staff.
    """

    __tablename__ = "crm_entries"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    protocol_id: Mapped[int] = mapped_column(ForeignKey("protocols.id"), unique=True)
    state: Mapped[str] = mapped_column(Text, server_default="queued")
    person_id: Mapped[int | None] = mapped_column(BigInteger)
    deal_id: Mapped[int | None] = mapped_column(BigInteger)
    note_id: Mapped[int | None] = mapped_column(BigInteger)
    # Tries since staff last asked, and how often in a row we were told to wait.
    attempts: Mapped[int] = mapped_column(server_default="0")
    waits: Mapped[int] = mapped_column(server_default="0")
    # Something was asked for whose answer never came: it is looked for before it is asked again.
    is_uncertain: Mapped[bool] = mapped_column(server_default="false")
    error: Mapped[str | None] = mapped_column(Text)
    next_try_at: Mapped[datetime] = mapped_column(Timestamp)
    lease_until: Mapped[datetime | None] = mapped_column(Timestamp)
    created_at: Mapped[datetime] = mapped_column(Timestamp)
    done_at: Mapped[datetime | None] = mapped_column(Timestamp)
    version: Mapped[int] = mapped_column(server_default="1")

    protocol: Mapped[Protocol] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("state IN ('queued', 'sending', 'done', 'failed')", name="state_known"),
        Index(
            "ix_crm_entries_pending",
            "next_try_at",
            postgresql_where=text("state IN ('queued', 'sending')"),
        ),
        Index("ix_crm_entries_state", "state", text("id DESC")),
    )
