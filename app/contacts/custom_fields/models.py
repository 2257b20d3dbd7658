"""The table of custom fields. Their values are in `contacts.fields`, by the field's id.

JSONB and not a table of values: a contact is read, locked, versioned, merged and exported with all
its values as the one row it is, at no further query. One GIN index finds who has a field and who
has a value; ranges of numbers and days are compared on those who have the field.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Identity, Index, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model

KINDS = ("text", "number", "date", "choice", "checked")


class ContactField(Model):
    """One custom field. An archived one keeps its values and is shown no more; none is deleted."""

    __tablename__ = "contact_fields"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)  # fixed for good: the values are of this type
    # Of a choice: {"id", "name", "archived"} in order; values name the id, so names may change.
    choices: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    position: Mapped[int] = mapped_column(server_default="0")
    required: Mapped[bool] = mapped_column(server_default="false")
    in_pane: Mapped[bool] = mapped_column(server_default="true")
    archived: Mapped[bool] = mapped_column(server_default="false")
    created_at: Mapped[datetime] = mapped_column(
        TIMESTAMP(timezone=True), server_default=func.now()
    )
    version: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (
        CheckConstraint(
            "kind IN ('text', 'number', 'date', 'choice', 'checked')", name="kind_known"
        ),
        # "Código" and "codigo" would be one column of an import.
        Index("uq_contact_fields_name", text("fold(name)"), unique=True),
    )
