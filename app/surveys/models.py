"""The table of surveys: one for each conversation at most, whoever its contact is by now."""

from datetime import datetime

from sqlalchemy import (
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

from app.accounts.models import User
from app.conversations.models import Conversation
from app.extensions import Model
from app.teams.models import Team

Timestamp = TIMESTAMP(timezone=True)

ASKED = ("asked", "answered")


class Survey(Model):
    """That a customer is to be asked, was asked, has answered, or (`reason`) was not asked.

    `owner_version` is the conversation's when it was closed: whoever opens it again ends this.
    Whom the answer is about (`person_id`, `team_id`) stays as it was at the closing.
    """

    __tablename__ = "surveys"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), unique=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    owner_version: Mapped[int]
    state: Mapped[str] = mapped_column(Text, server_default="waiting")
    reason: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime] = mapped_column(Timestamp)
    due_at: Mapped[datetime] = mapped_column(Timestamp)
    asked_at: Mapped[datetime | None] = mapped_column(Timestamp)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Timestamp)
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    score: Mapped[int | None] = mapped_column(SmallInteger)
    comment: Mapped[str] = mapped_column(Text, server_default="")
    version: Mapped[int] = mapped_column(server_default="1")

    conversation: Mapped[Conversation] = relationship(lazy="raise")
    person: Mapped[User | None] = relationship(lazy="raise")
    team: Mapped[Team | None] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'asked', 'answered', 'skipped')", name="state_known"),
        CheckConstraint("score BETWEEN 1 AND 5", name="score_known"),
        CheckConstraint("(state = 'answered') = (score IS NOT NULL)", name="answered_has_score"),
        Index("ix_surveys_due", "due_at", postgresql_where=text("state = 'waiting'")),
        Index(
            "ix_surveys_asked",
            text("asked_at DESC"),
            text("id DESC"),
            postgresql_where=text("state IN ('asked', 'answered')"),
        ),
        Index(
            "ix_surveys_answered",
            text("answered_at DESC"),
            text("id DESC"),
            postgresql_where=text("state = 'answered'"),
        ),
    )
