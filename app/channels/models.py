"""A channel is one inbox; for Z-API, one instance."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, SmallInteger, Text, func
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.secrets import Encrypted

Timestamp = TIMESTAMP(timezone=True)


class Channel(Model):
    """One Z-API instance. While its state is `disconnected`, messages are held, not sent.

    The environment's instance keeps no credentials here: they are read from the settings.
    `sender_lease_until` says that a worker is sending for this channel; `next_send_at` spaces
    what it sends.
    """

    __tablename__ = "channels"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    kind: Mapped[str] = mapped_column(Text, server_default="zapi")
    name: Mapped[str] = mapped_column(Text)
    instance_id: Mapped[str] = mapped_column(Text, unique=True)
    instance_token: Mapped[str | None] = mapped_column(Encrypted)
    client_token: Mapped[str | None] = mapped_column(Encrypted)
    is_environment: Mapped[bool] = mapped_column(server_default="false")
    active: Mapped[bool] = mapped_column(server_default="true")
    webhook_secret: Mapped[str] = mapped_column(Encrypted)
    webhook_secret_hash: Mapped[str] = mapped_column(Text, unique=True)
    previous_secret_hash: Mapped[str | None] = mapped_column(Text, unique=True)  # while rotating
    pace_seconds: Mapped[float] = mapped_column(server_default="1")
    state: Mapped[str] = mapped_column(Text, server_default="unknown")
    state_reason: Mapped[str | None] = mapped_column(Text)
    state_at: Mapped[datetime | None] = mapped_column(Timestamp)
    last_inbound_at: Mapped[datetime | None] = mapped_column(Timestamp)
    next_send_at: Mapped[datetime | None] = mapped_column(Timestamp)
    sender_lease_until: Mapped[datetime | None] = mapped_column(Timestamp)
    sender_lease_key: Mapped[str | None] = mapped_column(Text)
    # When somebody last said that what was held may leave, and how much waits for that now.
    held_released_at: Mapped[datetime | None] = mapped_column(Timestamp)
    held_count: Mapped[int] = mapped_column(server_default="0")
    # Says it is connected and brings nothing since; what was found.
    quiet_since: Mapped[datetime | None] = mapped_column(Timestamp)
    quiet_reason: Mapped[str | None] = mapped_column(Text)
    # Whose line new conversations wait in; without one the default team's.
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    version: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (
        CheckConstraint("state IN ('unknown', 'connected', 'disconnected')", name="state_known"),
        CheckConstraint("kind IN ('zapi')", name="kind_known"),
    )


class ChannelHour(Model):
    """In which of the twelve slots of an hour a channel brought something: one bit for each."""

    __tablename__ = "channel_hours"

    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"), primary_key=True)
    hour: Mapped[datetime] = mapped_column(Timestamp, primary_key=True)
    slots: Mapped[int] = mapped_column(SmallInteger)
