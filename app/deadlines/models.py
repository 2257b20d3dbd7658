"""What was promised, and the rounds in which open conversations follow a change of it."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, SmallInteger, text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model

Timestamp = TIMESTAMP(timezone=True)


class DeadlinePolicy(Model):
    """Targets in minutes for the conversations of a team, a channel or a priority (null: any).

    The first active one in the order of `position` that fits holds. Minutes are those of the hours
    in which people attend, or of the clock; a target that is null does not run.
    """

    __tablename__ = "deadline_policies"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    position: Mapped[int] = mapped_column(server_default="0")
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("channels.id"))
    priority: Mapped[int | None] = mapped_column(SmallInteger)
    first_minutes: Mapped[int | None] = mapped_column()
    next_minutes: Mapped[int | None] = mapped_column()
    resolution_minutes: Mapped[int | None] = mapped_column()
    in_hours: Mapped[bool] = mapped_column(server_default="true")
    # The end's clock stands still while the conversation is put off, or the customer's turn it is.
    pauses_snoozed: Mapped[bool] = mapped_column(server_default="true")
    pauses_waiting: Mapped[bool] = mapped_column(server_default="true")
    warn_percent: Mapped[int] = mapped_column(SmallInteger, server_default="80")
    active: Mapped[bool] = mapped_column(server_default="true")
    version: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (
        CheckConstraint("warn_percent BETWEEN 1 AND 100", name="warn_percent_known"),
        CheckConstraint("priority BETWEEN 0 AND 4", name="priority_known"),
    )


class DeadlineRound(Model):
    """Open conversations are gone through by id; what is done stands in `after_id`."""

    __tablename__ = "deadline_rounds"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    after_id: Mapped[int] = mapped_column(BigInteger, server_default="0")
    looked_at: Mapped[datetime] = mapped_column(Timestamp)
    done_at: Mapped[datetime | None] = mapped_column(Timestamp)

    __table_args__ = (
        Index("ix_deadline_rounds_open", "id", postgresql_where=text("done_at IS NULL")),
    )
