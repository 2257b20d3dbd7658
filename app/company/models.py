"""What was changed from its default; a setting without a row has it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Text
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class CompanySetting(Model):
    """One setting, by the key of its field (see `fields`)."""

    __tablename__ = "company_settings"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(server_default="1")
    changed_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True))
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
