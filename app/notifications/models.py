"""Notices that were raised, what somebody wants to hear no more of, and what each person chose."""

from datetime import datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.channels.models import Channel
from app.conversations.models import Conversation
from app.extensions import Model

Timestamp = TIMESTAMP(timezone=True)


class Notice(Model):
    """Something that concerns one person, once for each cause while it is unread.

    The same cause again raises `count` and `version` of the unread row. What customers write and
    what waits without an owner are no rows here: the conversations themselves say it.
    """

    __tablename__ = "notices"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(Text)
    cause: Mapped[str] = mapped_column(Text)  # "given:7": what makes two of them the same
    conversation_id: Mapped[int | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE")
    )
    channel_id: Mapped[int | None] = mapped_column(ForeignKey("channels.id", ondelete="CASCADE"))
    message_id: Mapped[int | None] = mapped_column(BigInteger)  # where to look in the thread
    link: Mapped[str] = mapped_column(Text, server_default="")  # where, when neither says it
    by: Mapped[str] = mapped_column(Text, server_default="")  # the colleague's name
    detail: Mapped[str] = mapped_column(Text, server_default="")
    count: Mapped[int] = mapped_column(server_default="1")
    updated_at: Mapped[datetime] = mapped_column(Timestamp)
    read_at: Mapped[datetime | None] = mapped_column(Timestamp)
    version: Mapped[int] = mapped_column(server_default="1")

    conversation: Mapped[Conversation | None] = relationship(lazy="raise")
    channel: Mapped[Channel | None] = relationship(lazy="raise")

    __table_args__ = (
        Index(
            "uq_notices_unread",
            "user_id",
            "cause",
            unique=True,
            postgresql_where=text("read_at IS NULL"),
        ),
        Index("ix_notices_newest", "user_id", text("updated_at DESC"), text("id DESC")),
        Index("ix_notices_cause", "cause", postgresql_where=text("read_at IS NULL")),
        Index(
            "ix_notices_conversation",
            "conversation_id",
            postgresql_where=text("read_at IS NULL"),
        ),
    )


class Silence(Model):
    """A person wants to hear no more of this conversation's waiting, until its owner changes."""

    __tablename__ = "notice_silences"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    owner_version: Mapped[int] = mapped_column()
    at: Mapped[datetime] = mapped_column(Timestamp)


class Wishes(Model):
    """How one person wants to be told; without a row everything is as `preferences` has it.

    `muted_…` name the kinds that come no such way. Quiet hours are minutes of the day where the
    person is: their browser keeps them.
    """

    __tablename__ = "notice_wishes"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    muted_bell: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    muted_sound: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    muted_desktop: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    volume: Mapped[int] = mapped_column(SmallInteger)
    repeat_seconds: Mapped[int] = mapped_column(SmallInteger)  # 0: it sounds once
    quiet_from: Mapped[int | None] = mapped_column(SmallInteger)
    quiet_until: Mapped[int | None] = mapped_column(SmallInteger)
    disturb_after: Mapped[datetime | None] = mapped_column(Timestamp)  # silent until then
    shortcuts: Mapped[bool] = mapped_column(server_default="true")  # acts on a single key
    version: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (
        CheckConstraint("volume BETWEEN 0 AND 100", name="volume_known"),
        CheckConstraint(
            "(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet_hours_have_two_ends"
        ),
    )
