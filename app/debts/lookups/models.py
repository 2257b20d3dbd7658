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
DOCUMENT_WAITING = "state IN ('queued', 'fetching')"
WAITING_CLAUSE = "state IN ('queued', 'reading')"  # literal: a parameter matches no partial index

# Written as the index has it. "VIND-1010" would else be read as a word and a negative number.
CONTRACT_WORDS = (
    "to_tsvector('simple'::regconfig, "
    "fold(translate(number || ' ' || unit || ' ' || project, '-/.', '   ')))"
)


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


class ErpCustomer(Model):
    """One customer of the ERP as far as a search needs it; their debts are asked for when opened.

    The ERP finds nobody by name or telephone: this copy does. `phones` are the last eight and the
    last four digits of each.
    """

    __tablename__ = "erp_customers"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text, index=True)
    phones: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    seen_at: Mapped[datetime] = mapped_column(Timestamp)

    __table_args__ = (
        Index(
            "ix_erp_customers_words",
            text("to_tsvector('simple'::regconfig, fold(name))"),
            postgresql_using="gin",
        ),
        Index("ix_erp_customers_phones", "phones", postgresql_using="gin"),
    )


class ErpContract(Model):
    """One contract of the ERP, for the same searches: by its number, title, unit or project."""

    __tablename__ = "erp_contracts"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    bill_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    number: Mapped[str] = mapped_column(Text)
    project: Mapped[str] = mapped_column(Text)
    unit: Mapped[str] = mapped_column(Text)
    customer_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
    is_cancelled: Mapped[bool] = mapped_column(server_default="false")
    seen_at: Mapped[datetime] = mapped_column(Timestamp)

    __table_args__ = (
        Index("ix_erp_contracts_words", text(f"({CONTRACT_WORDS})"), postgresql_using="gin"),
        Index("ix_erp_contracts_customer_ids", "customer_ids", postgresql_using="gin"),
    )


class ErpLink(Model):
    """How things stand with the ERP: one row. `broken_at` since it refused our credentials.

    `fingerprint` is of those that it refused, so that others are tried at once.
    """

    __tablename__ = "erp_link"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    broken_at: Mapped[datetime | None] = mapped_column(Timestamp)
    error: Mapped[str | None] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(Text, server_default="")
    # The copy of the directory: the day it is complete to, who holds it, and what went wrong.
    synced_at: Mapped[datetime | None] = mapped_column(Timestamp)
    sync_lease_until: Mapped[datetime | None] = mapped_column(Timestamp)
    sync_error: Mapped[str | None] = mapped_column(Text)
    # The last test that an administrator asked for: each resource and what was wrong with it.
    checks: Mapped[dict[str, str]] = mapped_column(JSONB, server_default="{}")
    check_asked_at: Mapped[datetime | None] = mapped_column(Timestamp)
    checked_at: Mapped[datetime | None] = mapped_column(Timestamp)
    version: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)


class ErpDocument(Model):
    """A second copy of a boleto, or a PDF of balance or statement: asked for, then kept here.

    queued → fetching → ready; or queued again for later, or failed with the ERP's own words.
    """

    __tablename__ = "erp_documents"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    mark: Mapped[str] = mapped_column(Text)  # of the customer's document
    kind: Mapped[str] = mapped_column(Text)  # boleto | balance | statement
    erp_customer_id: Mapped[int] = mapped_column(BigInteger)
    bill_id: Mapped[int] = mapped_column(BigInteger, server_default="0")
    instalment: Mapped[str] = mapped_column(Text, server_default="")
    state: Mapped[str] = mapped_column(Text, server_default="queued")
    storage_key: Mapped[str | None] = mapped_column(Text)
    size: Mapped[int | None] = mapped_column(BigInteger)  # bytes
    line: Mapped[str] = mapped_column(Text, server_default="")  # of a boleto, to be typed
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    requested_at: Mapped[datetime] = mapped_column(Timestamp)
    ready_at: Mapped[datetime | None] = mapped_column(Timestamp)
    attempts: Mapped[int] = mapped_column(server_default="0")
    error: Mapped[str | None] = mapped_column(Text)
    next_try_at: Mapped[datetime] = mapped_column(Timestamp)
    lease_until: Mapped[datetime | None] = mapped_column(Timestamp)
    version: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (
        CheckConstraint(
            "state IN ('queued', 'fetching', 'ready', 'failed', 'expired')", name="state_known"
        ),
        Index("ix_erp_documents_mark", "mark", text("id DESC")),
        Index(
            "uq_erp_documents_waiting",
            "mark",
            "kind",
            "bill_id",
            "instalment",
            unique=True,
            postgresql_where=text(DOCUMENT_WAITING),
        ),
        Index("ix_erp_documents_pending", "next_try_at", postgresql_where=text(DOCUMENT_WAITING)),
    )
