"""Which files a contact has, and who may see them."""

from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, false, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.contacts.files.models import RemovedFile
from app.extensions import db
from app.media.models import Attachment

MOST = 100  # files of one contact

_is_removed = (
    select(RemovedFile.attachment_id).where(RemovedFile.attachment_id == Attachment.id).exists()
)


def visible(viewer: User) -> ColumnElement[bool]:
    """A contact's files are seen by whoever sees contacts, until they are removed."""
    if not viewer.can(Permission.CONVERSATIONS_VIEW):
        return false()
    return Attachment.contact_id.is_not(None) & ~_is_removed


def of_contact(contact_id: int) -> list[tuple[Attachment, str]]:
    """The contact's files, newest first, each with who put it there."""
    query = (
        select(Attachment, User.name)
        .outerjoin(User, User.id == Attachment.uploaded_by_id)
        .where(Attachment.contact_id == contact_id, ~_is_removed)
        .order_by(Attachment.id.desc())
        .limit(MOST)
    )
    return [(file, name or "") for file, name in db.session.execute(query)]


def version(contact_id: int) -> Select[tuple[str]]:
    """ "id:state,…" of the files that are shown: the version of the region."""
    one = cast(Attachment.id, Text) + ":" + Attachment.state
    listed: Any = func.string_agg(one, aggregate_order_by(literal(","), Attachment.id.desc()))
    return select(func.coalesce(listed, "")).where(
        Attachment.contact_id == contact_id, ~_is_removed
    )


def version_of(files: list[tuple[Attachment, str]]) -> str:
    """The same of files at hand."""
    return ",".join(f"{file.id}:{file.state}" for file, _ in files)
