"""Where the bot is in each conversation."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model

Timestamp = TIMESTAMP(timezone=True)


class BotState(Model):
    """The bot's memory of one conversation.

    `owed_ids` are the customer messages it has neither answered nor left to people, in the order in
    which they could be read; one answer settles all of them. `asked_at` is when the last one came.
    """

    __tablename__ = "bot_states"

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    step: Mapped[str] = mapped_column(Text, server_default="greeting")
    misunderstandings: Mapped[int] = mapped_column(server_default="0")
    topic: Mapped[str | None] = mapped_column(Text)
    owed_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
    asked_at: Mapped[datetime | None] = mapped_column(Timestamp)

    __table_args__ = (
        Index("ix_bot_states_owing", "asked_at", postgresql_where=text("owed_ids <> '{}'")),
    )
