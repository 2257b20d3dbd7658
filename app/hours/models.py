"""The hours of the company, of teams and of channels, and the days that have others."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, Identity, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model

Timestamp = TIMESTAMP(timezone=True)

MODES = ("inherit", "always", "week")
ANSWERS = ("inherit", "on", "off")


class BusinessHours(Model):
    """When a team, a channel or (with neither) the company attends, and what customers are told.

    What says `inherit`, or is empty, is asked of the next one: team, channel, company, default.
    `week` has the hours of each weekday, Monday first, as minutes of the day: [[[480, 720]], …].
    `texts` are by kind and language: {"away": {"pt-BR": "…"}}.
    """

    __tablename__ = "business_hours"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("channels.id"))
    mode: Mapped[str] = mapped_column(Text, server_default="inherit")
    zone: Mapped[str] = mapped_column(Text, server_default="America/Sao_Paulo")
    week: Mapped[list[list[list[int]]]] = mapped_column(JSONB, server_default="[]")
    holidays: Mapped[str] = mapped_column(Text, server_default="national")
    region: Mapped[str] = mapped_column(Text, server_default="")
    away: Mapped[str] = mapped_column(Text, server_default="inherit")
    # After so many open minutes without an owner the customer is told that they wait; 0: never.
    line_minutes: Mapped[int | None] = mapped_column()
    texts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    version: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (
        CheckConstraint("team_id IS NULL OR channel_id IS NULL", name="one_scope"),
        CheckConstraint("mode IN ('inherit', 'always', 'week')", name="mode_known"),
        CheckConstraint("away IN ('inherit', 'on', 'off')", name="away_known"),
        CheckConstraint("holidays IN ('none', 'national', 'optional')", name="holidays_known"),
        Index(
            "uq_business_hours_scope",
            text("coalesce(team_id, 0)"),
            text("coalesce(channel_id, 0)"),
            unique=True,
        ),
    )


class OwnDate(Model):
    """A day that is closed (no hours) or has hours of its own: for all, a team or a channel."""

    __tablename__ = "own_dates"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    day: Mapped[date] = mapped_column(Date)
    name: Mapped[str] = mapped_column(Text)
    hours: Mapped[list[list[int]]] = mapped_column(JSONB, server_default="[]")
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("channels.id"))
    removed_at: Mapped[datetime | None] = mapped_column(Timestamp)
    version: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (
        CheckConstraint("team_id IS NULL OR channel_id IS NULL", name="one_scope"),
        Index(
            "uq_own_dates_day",
            "day",
            text("coalesce(team_id, 0)"),
            text("coalesce(channel_id, 0)"),
            unique=True,
            postgresql_where=text("removed_at IS NULL"),
        ),
    )
