"""The tables of runs over portfolios. A row is the truth, a job only a wake-up."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model

Timestamp = TIMESTAMP(timezone=True)

UNDER_WAY = ("queued", "reading", "computing")  # what still has work for a worker


class PortfolioRun(Model):
    """One portfolio on one day under policies: how far it got, and what came out.

    mapping → queued → reading → computing → done; or cancelled, or failed with the reason, from
    which it may be tried again behind the last part that is kept.
    """

    __tablename__ = "portfolio_runs"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(Timestamp)
    source: Mapped[str] = mapped_column(Text)  # file | sienge
    name: Mapped[str] = mapped_column(Text)
    day: Mapped[date] = mapped_column(Date)
    policies: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)  # as `written_policy` writes them
    indexes: Mapped[dict[str, dict[str, str]]] = mapped_column(JSONB, server_default="{}")
    content_key: Mapped[str | None] = mapped_column(Text)  # the upload, until all of it is read
    content_size: Mapped[int] = mapped_column(BigInteger, server_default="0")
    header: Mapped[list[str]] = mapped_column(JSONB, server_default="[]")
    sample: Mapped[list[list[str]]] = mapped_column(JSONB, server_default="[]")
    columns: Mapped[list[str]] = mapped_column(JSONB, server_default="[]")
    state: Mapped[str] = mapped_column(Text, server_default="mapping")
    error: Mapped[str | None] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(server_default="0")  # since anything moved on
    position: Mapped[int] = mapped_column(BigInteger, server_default="0")  # where reading goes on
    line: Mapped[int] = mapped_column(server_default="1")
    total: Mapped[int] = mapped_column(BigInteger, server_default="0")  # what position runs up to
    all_read: Mapped[bool] = mapped_column(server_default="false")
    instalments: Mapped[int] = mapped_column(server_default="0")
    refused: Mapped[int] = mapped_column(server_default="0")
    settled: Mapped[int] = mapped_column(server_default="0")
    aside: Mapped[int] = mapped_column(server_default="0")  # the bank's and the keys'
    pulled: Mapped[dict[str, int]] = mapped_column(JSONB, server_default="{}")  # where it goes on
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    result_key: Mapped[str | None] = mapped_column(Text)  # every contract's figures
    sheet_state: Mapped[str] = mapped_column(Text, server_default="none")
    sheet_key: Mapped[str | None] = mapped_column(Text)
    sheet_size: Mapped[int] = mapped_column(BigInteger, server_default="0")
    worked_at: Mapped[datetime | None] = mapped_column(Timestamp)
    finished_at: Mapped[datetime | None] = mapped_column(Timestamp)
    version: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (
        CheckConstraint(
            "state IN ('mapping', 'queued', 'reading', 'computing', 'done', 'cancelled', 'failed')",
            name="state_known",
        ),
        CheckConstraint("source IN ('file', 'sienge')", name="source_known"),
        CheckConstraint(
            "sheet_state IN ('none', 'queued', 'done', 'failed')", name="sheet_state_known"
        ),
        Index(
            "ix_portfolio_runs_under_way",
            "worked_at",
            postgresql_where=text(
                "state IN ('queued', 'reading', 'computing') OR sheet_state = 'queued'"
            ),
        ),
    )

    @property
    def is_under_way(self) -> bool:
        """Whether a worker has something to do."""
        return self.state in UNDER_WAY


class PortfolioPart(Model):
    """Some rows that were read, as arrays in a file. Written with the run's position."""

    __tablename__ = "portfolio_parts"

    run_id: Mapped[int] = mapped_column(
        ForeignKey("portfolio_runs.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Text)


class PortfolioRefusal(Model):
    """A row that was left out, and why. Line 0: only the whole book shows it."""

    __tablename__ = "portfolio_refusals"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    run_id: Mapped[int] = mapped_column(BigInteger)
    line: Mapped[int] = mapped_column()
    contract: Mapped[str] = mapped_column(Text)
    field: Mapped[str] = mapped_column(Text)  # a marked word
    reason: Mapped[str] = mapped_column(Text)

    __table_args__ = (
        ForeignKeyConstraint(["run_id"], ["portfolio_runs.id"], ondelete="CASCADE"),
        Index("ix_portfolio_refusals_run", "run_id", "id"),
    )
