"""The table of ready texts."""

from datetime import datetime

from sqlalchemy import ForeignKey, Identity, Index, Text, func, text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.extensions import Model

Timestamp = TIMESTAMP(timezone=True)


class QuickReply(Model):
    """A ready text: its owner's alone, or shared with everyone who attends.

    `uses` and `last_used_at` are written in the transaction of the message that it went into, and
    raise no version: what the composers know of it stays right. A deleted one can be restored.
    """

    __tablename__ = "quick_replies"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    title: Mapped[str] = mapped_column(Text)
    shortcut: Mapped[str] = mapped_column(Text)  # what follows the "/": no blanks, no accents
    body: Mapped[str] = mapped_column(Text)
    folder: Mapped[str] = mapped_column(Text, server_default="")
    is_shared: Mapped[bool] = mapped_column(server_default="false")
    uses: Mapped[int] = mapped_column(server_default="0")
    last_used_at: Mapped[datetime | None] = mapped_column(Timestamp)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    deleted_at: Mapped[datetime | None] = mapped_column(Timestamp)
    version: Mapped[int] = mapped_column(server_default="1")

    owner: Mapped[User] = relationship(lazy="raise")

    __table_args__ = (
        Index(
            "uq_quick_replies_own",
            "owner_id",
            "shortcut",
            unique=True,
            postgresql_where=text("deleted_at IS NULL"),
        ),
        # Two people may each have their own /pix; of the shared ones everyone sees only one.
        Index(
            "uq_quick_replies_shared",
            "shortcut",
            unique=True,
            postgresql_where=text("is_shared AND deleted_at IS NULL"),
        ),
    )
