"""What the tables of exports share: whose a file is, how far it is, where it lies, until when."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Text
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

Timestamp = TIMESTAMP(timezone=True)
STATES = "state IN ('queued', 'running', 'done', 'failed', 'expired')"


class ExportFile:
    """A spreadsheet that a worker makes: queued → running → done, then expired; or failed."""

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    made_at: Mapped[datetime] = mapped_column(Timestamp)
    filter: Mapped[dict[str, Any]] = mapped_column(JSONB)  # as in the list's address
    state: Mapped[str] = mapped_column(Text, server_default="queued")
    total: Mapped[int] = mapped_column(server_default="0")
    done: Mapped[int] = mapped_column(server_default="0")
    content_key: Mapped[str | None] = mapped_column(Text)
    content_size: Mapped[int] = mapped_column(BigInteger, server_default="0")
    # When a worker was last at it, and how often one began.
    worked_at: Mapped[datetime | None] = mapped_column(Timestamp)
    attempts: Mapped[int] = mapped_column(server_default="0")
    expires_at: Mapped[datetime | None] = mapped_column(Timestamp)
    version: Mapped[int] = mapped_column(server_default="1")

    @declared_attr
    def made_by_id(cls) -> Mapped[int]:
        """Whose it is: nobody else fetches it."""
        return mapped_column(ForeignKey("users.id"))
