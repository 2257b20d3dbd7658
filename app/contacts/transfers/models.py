"""The tables of imports, their rows, and exports. A row is the truth, a job only a wake-up."""

from datetime import datetime
from typing import Any

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
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.exports.models import STATES, ExportFile
from app.extensions import Model

Timestamp = TIMESTAMP(timezone=True)

# What still has work for a worker.
UNDER_WAY = ("queued", "running", "cancelling", "undoing")


class ContactImport(Model):
    """One uploaded spreadsheet: what its columns mean, and how far it got.

    mapping → queued → running → done; or cancelling → cancelled, or failed with the reason. What is
    done or cancelled may be taken back: undoing → undone.
    """

    __tablename__ = "contact_imports"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    made_at: Mapped[datetime] = mapped_column(Timestamp)
    file_name: Mapped[str] = mapped_column(Text)
    # Where the file lies until its rows are kept; nobody else reads it. Those of before are here.
    content_key: Mapped[str | None] = mapped_column(Text)
    content_size: Mapped[int] = mapped_column(server_default="0")
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    header: Mapped[list[str]] = mapped_column(JSONB)
    sample: Mapped[list[list[str]]] = mapped_column(JSONB)  # the first rows, for the preview
    columns: Mapped[list[str]] = mapped_column(JSONB)  # what each column means, "" for nothing
    known: Mapped[str] = mapped_column(Text, server_default="fill")  # fill | overwrite | skip
    state: Mapped[str] = mapped_column(Text, server_default="mapping")
    error: Mapped[str | None] = mapped_column(Text)
    total: Mapped[int] = mapped_column(server_default="0")
    created: Mapped[int] = mapped_column(server_default="0")
    updated: Mapped[int] = mapped_column(server_default="0")
    skipped: Mapped[int] = mapped_column(server_default="0")  # known, and nothing to change
    refused: Mapped[int] = mapped_column(server_default="0")
    undone: Mapped[int] = mapped_column(server_default="0")  # lines taken back
    kept: Mapped[int] = mapped_column(server_default="0")  # lines of which something stays
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    worked_at: Mapped[datetime | None] = mapped_column(Timestamp)  # when a worker was last at it
    finished_at: Mapped[datetime | None] = mapped_column(Timestamp)
    version: Mapped[int] = mapped_column(server_default="1")

    made_by: Mapped[User] = relationship(lazy="raise", foreign_keys=[made_by_id])

    __table_args__ = (
        CheckConstraint(
            "state IN ('mapping', 'queued', 'running', 'cancelling', 'done', 'cancelled',"
            " 'failed', 'undoing', 'undone')",
            name="state_known",
        ),
        CheckConstraint("known IN ('fill', 'overwrite', 'skip')", name="known_known"),
        Index(
            "ix_contact_imports_under_way",
            "worked_at",
            postgresql_where=text("state IN ('queued', 'running', 'cancelling', 'undoing')"),
        ),
    )

    @property
    def done(self) -> int:
        """How many rows were dealt with."""
        return self.created + self.updated + self.skipped + self.refused

    @property
    def is_under_way(self) -> bool:
        """Whether a worker has something to do."""
        return self.state in UNDER_WAY


class ContactImportRow(Model):
    """One line of the file. Its state is written with its contact, in one transaction: a line is
    never done twice, whatever dies in between."""

    __tablename__ = "contact_import_rows"

    import_id: Mapped[int] = mapped_column(ForeignKey("contact_imports.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    cells: Mapped[list[str]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(Text, server_default="waiting")
    reason: Mapped[str | None] = mapped_column(Text)  # why it was refused, or what stays
    contact_id: Mapped[int | None] = mapped_column(BigInteger)
    changes: Mapped[dict[str, Any] | None] = mapped_column(JSONB)  # what undoes it: see reverting

    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'created', 'updated', 'skipped', 'refused', 'undone', 'kept')",
            name="state_known",
        ),
        Index(
            "ix_contact_import_rows_waiting",
            "import_id",
            "line",
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_contact_import_rows_refused",
            "import_id",
            "line",
            postgresql_where=text("state = 'refused'"),
        ),
    )


class ContactExport(ExportFile, Model):
    """A file of contacts. The version before looks at its last two columns."""

    __tablename__ = "contact_exports"

    whole_cpf: Mapped[bool] = mapped_column(server_default="false")
    content_size: Mapped[int] = mapped_column(server_default="0")
    error: Mapped[str | None] = mapped_column(Text)
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)

    __table_args__ = (
        CheckConstraint(STATES, name="state_known"),
        Index("ix_contact_exports_made_by", "made_by_id", "id"),
    )
