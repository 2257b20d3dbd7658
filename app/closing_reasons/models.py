"""A reason for closing; archived ones stay on what they closed."""

from sqlalchemy import Identity, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class ClosingReason(Model):
    """Offered in the order of `position`."""

    __tablename__ = "closing_reasons"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(server_default="0")
    active: Mapped[bool] = mapped_column(server_default="true")
    version: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (Index("uq_closing_reasons_name", text("fold(name)"), unique=True),)
