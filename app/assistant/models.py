"""Where the bot is in each conversation."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model

Timestamp = TIMESTAMP(timezone=True)


class BotState(Model):
    """The bot's memory of one conversation.

    `asked_id` is the newest customer message the bot has to answer, `answered_id` the newest it has
    answered (or decided not to); it owes an answer while the first is greater.
    """

    __tablename__ = "bot_states"

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    step: Mapped[str] = mapped_column(Text, server_default="greeting")
    misunderstandings: Mapped[int] = mapped_column(server_default="0")
    topic: Mapped[str | None] = mapped_column(Text)
    asked_id: Mapped[int] = mapped_column(BigInteger, server_default="0")
    answered_id: Mapped[int] = mapped_column(BigInteger, server_default="0")
    asked_at: Mapped[datetime | None] = mapped_column(Timestamp)

    __table_args__ = (
        Index("ix_bot_states_owing", "asked_at", postgresql_where=text("asked_id > answered_id")),
    )
