"""The table of labels. What carries them keeps their ids in a column of its own."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Identity, Index, Text, func, text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model

# Each is a class in static/labels.css, readable in light and dark.
COLOURS = (
    "grey",
    "red",
    "orange",
    "amber",
    "green",
    "teal",
    "blue",
    "indigo",
    "purple",
    "pink",
)


class Label(Model):
    """One label. An archived one stays where it was put and is offered no more; none is deleted."""

    __tablename__ = "labels"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    colour: Mapped[str] = mapped_column(Text, server_default="grey")
    archived: Mapped[bool] = mapped_column(server_default="false")
    created_at: Mapped[datetime] = mapped_column(
        TIMESTAMP(timezone=True), server_default=func.now()
    )
    version: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (
        CheckConstraint(
            "colour IN ('grey', 'red', 'orange', 'amber', 'green', 'teal', 'blue', 'indigo',"
            " 'purple', 'pink')",
            name="colour_known",
        ),
        # "Urgente" and "URGENTE", "Médico" and "medico" are one.
        Index("uq_labels_name", text("fold(name)"), unique=True),
    )
