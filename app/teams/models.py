"""A team; who belongs to it stands with each person (`User.team_ids`)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Identity, Index, Text, func, text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model

Timestamp = TIMESTAMP(timezone=True)

COLOURS = ("teal", "blue", "indigo", "purple", "pink", "red", "orange", "yellow", "lime", "green")


class Team(Model):
    """Never deleted, only put out of use: conversations keep naming it.

    The default team receives what comes through channels that name no team of their own.
    """

    __tablename__ = "teams"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    colour: Mapped[str] = mapped_column(Text, server_default="teal")
    active: Mapped[bool] = mapped_column(server_default="true")
    is_default: Mapped[bool] = mapped_column(server_default="false")
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    version: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (
        CheckConstraint("active OR NOT is_default", name="default_in_use"),
        Index("uq_teams_name", text("fold(name)"), unique=True),
        Index("uq_teams_default", "is_default", unique=True, postgresql_where=text("is_default")),
    )
