"""A view that somebody saved."""

from datetime import datetime

from sqlalchemy import ForeignKey, Identity, Index, Text, text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.extensions import Model

Timestamp = TIMESTAMP(timezone=True)


class SavedView(Model):
    """The address of a list under a name; a shared one is everybody's.

    A deleted one is kept a while, so that it can be brought back.
    """

    __tablename__ = "saved_views"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(Text)
    query: Mapped[str] = mapped_column(Text)
    shared: Mapped[bool] = mapped_column(server_default="false")
    created_at: Mapped[datetime] = mapped_column(Timestamp)
    deleted_at: Mapped[datetime | None] = mapped_column(Timestamp)
    version: Mapped[int] = mapped_column(server_default="1")

    owner: Mapped[User] = relationship(lazy="raise")

    __table_args__ = (
        Index("ix_saved_views_owner", "owner_id", postgresql_where=text("deleted_at IS NULL")),
        Index(
            "ix_saved_views_shared", "id", postgresql_where=text("shared AND deleted_at IS NULL")
        ),
    )
