"""Everything that can be done with files; nothing else writes their table.

A row says that a file is wanted; a worker fetches and examines it. The row is the truth and the job
only a wake-up: the sweep finds what was lost or cut short.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import structlog
from flask_babel import gettext as _
from sqlalchemy import or_, select

from app import clock
from app.accounts.models import User
from app.errors import Conflict, NotFound
from app.extensions import current_settings, db
from app.integrations.base import Media
from app.media import hooks
from app.media.keeping import clean_name, keep_bytes
from app.media.models import Attachment
from app.media.sniffing import kind_of_upload
from app.media.storage import StorageError, storage
from app.queueing import enqueue
from app.transactions import atomic, on_commit

log = structlog.get_logger()

SWEEP_MOST = 200
UNUSED_AFTER = timedelta(hours=24)


def expect(message_id: int, media: Media, place: int = 0) -> Attachment:
    """A message announces a file: keep that it is wanted. In the caller's transaction."""
    attachment = Attachment(
        message_id=message_id,
        place=place,
        kind=media.kind,
        is_voice=media.is_voice,
        view_once=media.view_once,
        source_url=media.url,
        name=clean_name(media.name),
        declared_type=media.declared_type[:100],
        width=media.width,
        height=media.height,
        seconds=media.seconds,
        pages=media.pages,
    )
    if media.url is None:
        attachment.state = "failed"
        attachment.reason = _(
            "O WhatsApp não entregou o arquivo. Peça ao cliente que envie de novo."
        )
    return _add(attachment)


def keep(
    content: BinaryIO,
    name: str,
    declared_type: str,
    by: User | None,
    *,
    is_voice: bool = False,
    message_id: int | None = None,
    contact_id: int | None = None,
) -> Attachment:
    """Store what somebody uploaded; a worker examines it at once.

    Without an owner it waits for `hang` and is forgotten after a day. Raises GuicheError when it is
    empty, too large, or the storage is away. Not inside atomic(): storing may take its time.
    """
    kept = keep_bytes(content)
    attachment = Attachment(
        message_id=message_id,
        contact_id=contact_id,
        uploaded_by_id=by.id if by else None,
        kind="audio" if is_voice else kind_of_upload(kept.type),
        is_voice=is_voice,
        name=clean_name(name),
        declared_type=declared_type[:100],
        type=kept.type,
        size=kept.size,
        sha256=kept.sha256,
        storage_key=kept.key,
    )
    with atomic():
        return _add(attachment)


def _add(attachment: Attachment) -> Attachment:
    attachment.created_at = attachment.next_try_at = clock.now()
    attachment.state = attachment.state or "waiting"
    attachment.attempts = 0
    db.session.add(attachment)
    db.session.flush()
    if attachment.state == "waiting":
        on_commit(partial(wake, attachment.id))
    return attachment


def wake(attachment_id: int) -> None:
    """Ask a worker to prepare a file."""
    enqueue("jobs.sync.prepare_attachment", attachment_id, queue="sync")


def hang(
    attachment_ids: Sequence[int],
    by: User,
    *,
    message_id: int | None = None,
    contact_id: int | None = None,
) -> list[Attachment]:
    """Hang a person's uploads, in this order, on a message or a contact.

    In the caller's transaction. Raises NotFound when one of them is not theirs, or hangs already.
    """
    found = db.session.scalars(
        select(Attachment)
        .where(
            Attachment.id.in_(attachment_ids),
            Attachment.uploaded_by_id == by.id,
            Attachment.message_id.is_(None),
            Attachment.contact_id.is_(None),
        )
        .with_for_update()
    ).all()
    by_id = {attachment.id: attachment for attachment in found}
    if set(by_id) != set(attachment_ids):
        raise NotFound
    hung = [by_id[attachment_id] for attachment_id in attachment_ids]
    for place, attachment in enumerate(hung):
        attachment.message_id, attachment.contact_id = message_id, contact_id
        attachment.place = place
    return hung


def hang_ours(attachment_id: int, message_id: int) -> Attachment:
    """Hang a file that the product made, and nobody uploaded, on a message; once.

    In the caller's transaction. Raises NotFound when it hangs already.
    """
    found = db.session.scalars(
        select(Attachment)
        .where(
            Attachment.id == attachment_id,
            Attachment.uploaded_by_id.is_(None),
            Attachment.message_id.is_(None),
            Attachment.contact_id.is_(None),
        )
        .with_for_update()
    ).one_or_none()
    if found is None:
        raise NotFound
    found.message_id = message_id
    return found


def unhang(message_id: int) -> list[Attachment]:
    """Give a message's files back to who uploaded them; in the caller's transaction."""
    query = select(Attachment).where(Attachment.message_id == message_id)
    files = list(db.session.scalars(query.order_by(Attachment.place).with_for_update()))
    for attachment in files:
        attachment.message_id, attachment.created_at = None, clock.now()
    return files


def try_again(attachment_id: int) -> Attachment:
    """A person asks for a failed file once more. Raises Conflict when there is nothing to try."""
    with atomic():
        attachment = locked(attachment_id)
        if attachment.state != "failed":
            return attachment
        if not can_retry(attachment):
            raise Conflict(
                _("Não há de onde buscar este arquivo. Peça ao cliente que envie de novo.")
            )
        attachment.state, attachment.reason, attachment.attempts = "waiting", None, 0
        attachment.next_try_at = clock.now()
        changed(attachment)
        on_commit(partial(wake, attachment.id))
    return attachment


def can_retry(attachment: Attachment) -> bool:
    """Whether there is anything to fetch or to examine."""
    return bool(attachment.source_url or attachment.storage_key)


def locked(attachment_id: int) -> Attachment:
    """The attachment, its owner's rows locked before its own: the order all code keeps."""
    seen = db.session.get(Attachment, attachment_id, populate_existing=True)
    if seen is None:
        raise NotFound
    for hook in hooks.before_change:
        hook(seen)
    query = select(Attachment).where(Attachment.id == attachment_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def changed(attachment: Attachment) -> None:
    """Let its owner announce the change; in the transaction of `locked`."""
    db.session.flush()
    for hook in hooks.after_change:
        hook(attachment)


def redrive() -> None:
    """Wake workers for what waits too long, and for what a dead one left half done."""
    now = clock.now()
    due = db.session.scalars(
        select(Attachment.id)
        .where(
            or_(Attachment.state == "waiting", Attachment.state == "fetching"),
            Attachment.next_try_at <= now,
            or_(Attachment.lease_until.is_(None), Attachment.lease_until < now),
        )
        .order_by(Attachment.next_try_at)
        .limit(SWEEP_MOST)
    ).all()
    db.session.rollback()
    for attachment_id in due:
        wake(attachment_id)


def discard(attachment_id: int, by: User) -> None:
    """A person takes back an upload that hangs nowhere yet."""
    with atomic():
        (attachment,) = hang([attachment_id], by)
        keys = _keys(attachment)
        db.session.delete(attachment)
        on_commit(partial(_forget, keys))


def forget_unused() -> None:
    """Delete uploads that were never sent."""
    while True:
        with atomic():
            old = db.session.scalars(
                select(Attachment)
                .where(
                    Attachment.message_id.is_(None),
                    Attachment.contact_id.is_(None),
                    Attachment.created_at < clock.now() - UNUSED_AFTER,
                )
                .limit(SWEEP_MOST)
                .with_for_update(skip_locked=True)
            ).all()
            for attachment in old:
                on_commit(partial(_forget, _keys(attachment)))
                db.session.delete(attachment)
        if len(old) < SWEEP_MOST:
            return


def _keys(attachment: Attachment) -> list[str]:
    return [key for key in (attachment.storage_key, attachment.thumbnail_key) if key]


def _forget(keys: list[str]) -> None:
    for key in keys:
        try:
            storage().delete(key)
        except StorageError as error:
            log.warning("not_deleted", key=key[:12], error=str(error))


def preparing_lease() -> timedelta:
    """How long one worker may take over one file."""
    return timedelta(seconds=current_settings().media_fetch_seconds + 180)


def local_copy(attachment: Attachment, target: Path) -> None:
    """The stored bytes as a file here. Raises StorageError."""
    storage().save_to(attachment.storage_key or "", target)


def claim(attachment_id: int) -> dict[str, Any] | None:
    """Commit that this worker prepares it; None when another does, or when it is done."""
    now = clock.now()
    with atomic():
        found = db.session.scalars(
            select(Attachment)
            .where(Attachment.id == attachment_id)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        ).one_or_none()
        if found is None or found.state not in {"waiting", "fetching"}:
            return None
        if found.next_try_at > now or (found.lease_until and found.lease_until > now):
            return None
        found.state, found.attempts = "fetching", found.attempts + 1
        found.lease_until = now + preparing_lease()
        return {
            name: getattr(found, name)
            for name in ("id", "attempts", "source_url", "storage_key", "type", "kind", "is_voice")
        }
