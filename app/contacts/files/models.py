"""The table of removals: a file that was taken off can be put back for a day."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model


class RemovedFile(Model):
    """That a contact's file (an attachment's id) was removed; nobody sees it any more."""

    __tablename__ = "contact_removed_files"

    attachment_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("attachments.id", ondelete="CASCADE"), primary_key=True
    )
    removed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    removed_at: Mapped[datetime] = mapped_column(TIMESTAMP(timezone=True), index=True)
