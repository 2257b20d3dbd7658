"""Which files a person may see."""

from sqlalchemy import and_, or_, select

from app.accounts.models import User
from app.errors import NotFound
from app.extensions import db
from app.media import hooks
from app.media.models import Attachment


def find(viewer: User, attachment_id: int) -> Attachment:
    """One file in one query, or NotFound for whoever may not see it."""
    mine = and_(
        Attachment.uploaded_by_id == viewer.id,
        Attachment.message_id.is_(None),
        Attachment.contact_id.is_(None),
    )
    allowed = or_(mine, *(rule(viewer) for rule in hooks.visible))
    found = db.session.scalars(
        select(Attachment).where(Attachment.id == attachment_id, allowed)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found
