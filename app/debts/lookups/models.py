"""What the ERP said. The row is the truth, a job only a wake-up."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.contacts.models import Contact
from app.extensions import Model

Timestamp = TIMESTAMP(timezone=True)
WAITING = ("queued", "reading")
WAITING_CLAUSE = "state IN ('queued', 'reading')"  # literal: a parameter matches no partial index


class Snapshot(Model):
    """One look-up of one document: asked for, then read by a worker, then never changed again.

    queued → reading → fresh or not_found; or queued again for later, or failed with the reason.
    `content` is what the ERP said, amounts as texts; `content_hash` is of what makes a debt another
    one (instalments, receipts, terms, blocks), not of what the days add.
    """

    __tablename__ = "debt_snapshots"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    document: Mapped[str] = mapped_column(Text)  # CPF or CNPJ, compact and checked
    mark: Mapped[str] = mapped_column(Text)  # a name for the document that tells nothing of it
    # The main record, and all that bear the document where the register has it twice.
    erp_customer_id: Mapped[int | None] = mapped_column(BigInteger)
    erp_customer_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contacts.id"))
    state: Mapped[str] = mapped_column(Text, server_default="queued")
    content: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    content_hash: Mapped[str] = mapped_column(Text, server_default="")
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    requested_at: Mapped[datetime] = mapped_column(Timestamp)
    taken_at: Mapped[datetime | None] = mapped_column(Timestamp)
    attempts: Mapped[int] = mapped_column(server_default="0")
    error: Mapped[str | None] = mapped_column(Text)
    error_status: Mapped[int | None] = mapped_column()
    next_try_at: Mapped[datetime] = mapped_column(Timestamp)
    lease_until: Mapped[datetime | None] = mapped_column(Timestamp)
    version: Mapped[int] = mapped_column(server_default="1")

    contact: Mapped[Contact | None] = relationship(lazy="raise")
    requested_by: Mapped[User | None] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint(
            "state IN ('queued', 'reading', 'fresh', 'not_found', 'failed')", name="state_known"
        ),
        Index("ix_debt_snapshots_document", "document", text("id DESC")),
        Index("ix_debt_snapshots_mark", "mark", text("id DESC")),
        Index("ix_debt_snapshots_contact_id", "contact_id", text("id DESC")),
        # One at a time for a document: who asks meanwhile gets the one under way.
        Index(
            "uq_debt_snapshots_waiting",
            "document",
            unique=True,
            postgresql_where=text(WAITING_CLAUSE),
        ),
        Index(
            "ix_debt_snapshots_pending",
            "next_try_at",
            postgresql_where=text(WAITING_CLAUSE),
        ),
        Index("ix_debt_snapshots_state", "state", text("id DESC")),
    )
