"""Putting a file on a contact, taking it off, and putting it back."""

from datetime import timedelta
from functools import partial
from typing import BinaryIO

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.contacts import hooks, live
from app.contacts.files.models import RemovedFile
from app.contacts.files.queries import MOST, visible
from app.contacts.locking import final, locked
from app.errors import Conflict, NotFound
from app.extensions import db
from app.media import hooks as media_hooks
from app.media import service as media
from app.media.models import Attachment
from app.transactions import atomic, on_commit

UNDO_FOR = timedelta(hours=24)
AT_ONCE = 200


def follow() -> None:
    """Say who may see contacts' files, and hear when a worker has examined one."""
    if visible not in media_hooks.visible:
        media_hooks.visible.append(visible)
        media_hooks.after_change.append(_show)


def upload(
    contact_id: int, by: User, content: BinaryIO, name: str, declared_type: str
) -> Attachment:
    """Keep a file on a contact. Its type is read off its content, its size is capped by setting.

    Raises GuicheError when it is empty or too large, Conflict when the contact has very many.
    """
    count = select(func.count()).where(Attachment.contact_id == final(contact_id))
    if (db.session.scalar(count) or 0) >= MOST:
        raise Conflict(_("Este contato já tem 100 arquivos. Remova algum antes."))
    db.session.rollback()  # nothing is held while the bytes are stored
    kept = media.keep(content, name, declared_type, by)
    with atomic():
        contact = locked(contact_id)
        (file,) = media.hang([kept.id], by, contact_id=contact.id)
        audit.record(by, "contact.file_added", "contact", contact.id, None, {"file": file.name})
        hooks.changed(contact)
        return file


def remove(contact_id: int, file_id: int, by: User) -> Attachment:
    """Take a file off; it can be put back for a day. Raises NotFound."""
    with atomic():
        contact = locked(contact_id)
        file = _of(contact.id, file_id)
        made = db.session.scalar(
            insert(RemovedFile)
            .values(attachment_id=file.id, removed_by_id=by.id, removed_at=clock.now())
            .on_conflict_do_nothing(index_elements=["attachment_id"])
            .returning(RemovedFile.attachment_id)
        )
        if made is not None:
            said = {"file": file.name}
            audit.record(by, "contact.file_removed", "contact", contact.id, said, None)
            hooks.changed(contact)
        return file


def put_back(contact_id: int, file_id: int, by: User) -> Attachment:
    """Undo a removal. Raises NotFound when the file is gone for good."""
    with atomic():
        contact = locked(contact_id)
        file = _of(contact.id, file_id)
        removed = db.session.get(RemovedFile, file.id)
        if removed is not None:
            db.session.delete(removed)
            said = {"file": file.name}
            audit.record(by, "contact.file_put_back", "contact", contact.id, None, said)
            hooks.changed(contact)
        return file


def forget_removed() -> None:
    """Let go of files that were removed a day ago; the sweep of unused files deletes them."""
    with atomic():
        old = db.session.scalars(
            select(Attachment)
            .join(RemovedFile, RemovedFile.attachment_id == Attachment.id)
            .where(RemovedFile.removed_at < clock.now() - UNDO_FOR)
            .limit(AT_ONCE)
            .with_for_update(of=Attachment, skip_locked=True)
        ).all()
        for file in old:
            file.contact_id = None
            file.created_at = min(file.created_at, clock.now() - media.UNUSED_AFTER)


def _of(contact_id: int, file_id: int) -> Attachment:
    file = db.session.get(Attachment, file_id, populate_existing=True)
    if file is None or file.contact_id != contact_id:
        raise NotFound
    return file


def _show(file: Attachment) -> None:
    if file.contact_id is not None:
        on_commit(partial(live.files_changed, file.contact_id), once=("files", file.contact_id))
