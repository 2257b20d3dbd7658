"""Taking an import back: only what it made or changed, and only where nobody changed it since.

Line by line from the last to the first, each in a transaction of its own, so that what a later line
added to the contact of an earlier one is off before that contact goes.
"""

from datetime import timedelta
from functools import partial

from flask_babel import gettext as _
from sqlalchemy import select

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.contacts import hooks
from app.contacts import live as contacts_live
from app.contacts.transfers import queries, reverting
from app.contacts.transfers.models import ContactImport, ContactImportRow
from app.contacts.transfers.progress import Turn, announce
from app.errors import Conflict, Forbidden
from app.extensions import db
from app.queueing import enqueue
from app.transactions import atomic, on_commit

UNDO_WITHIN = timedelta(days=7)
PAGE = 200


def may_undo(made: ContactImport, by: User) -> bool:
    """Whether this person may take this import back: who made it, or an administrator."""
    return made.made_by_id == by.id or by.can(Permission.STAFF_MANAGE)


def why_not(made: ContactImport) -> str | None:
    """What keeps anybody from taking this import back now; None when nothing does."""
    if made.state not in ("done", "cancelled") or not made.created + made.updated:
        return _("Não há o que desfazer nesta importação.")
    if made.finished_at is None or clock.now() - made.finished_at > UNDO_WITHIN:
        return _("Já passaram 7 dias: esta importação não pode mais ser desfeita.")
    return None


def start(import_id: int, by: User) -> ContactImport:
    """Let a worker take it back. Raises Forbidden, Conflict."""
    with atomic():
        made = queries.locked(import_id)
        if not may_undo(made, by):
            raise Forbidden(_("Só quem importou ou um administrador desfaz esta importação."))
        if (reason := why_not(made)) is not None:
            raise Conflict(reason)
        made.state, made.worked_at = "undoing", clock.now()
        made.undone_by_id, made.undone, made.kept = by.id, 0, 0
        said = {"file": made.file_name}
        audit.record(by, "contacts.import_undo_started", "contact_import", made.id, None, said)
        announce(made)
        on_commit(partial(wake, made.id))
        return made


def run(import_id: int) -> None:
    """A worker's turn; another goes on behind the last line that was taken back."""
    made = db.session.get(ContactImport, import_id, populate_existing=True)
    if made is None or made.state != "undoing":
        return
    turn = Turn(import_id)
    after: int | None = None
    while lines := _lines(import_id, after):
        for line in lines:
            _one(import_id, line)
            after = line
            if turn.is_over():
                wake(import_id)
                return
    _finish(import_id)


def _lines(import_id: int, after: int | None) -> list[int]:
    """The next lines to take back, from the last one on."""
    query = select(ContactImportRow.line).where(
        ContactImportRow.import_id == import_id,
        ContactImportRow.state.in_(("created", "updated")),
    )
    if after is not None:
        query = query.where(ContactImportRow.line < after)
    return list(db.session.scalars(query.order_by(ContactImportRow.line.desc()).limit(PAGE)))


def _one(import_id: int, line: int) -> None:
    with atomic(), hooks.unlisted():
        made = queries.locked(import_id)
        row = db.session.get_one(ContactImportRow, (import_id, line), populate_existing=True)
        if made.state != "undoing" or row.state not in ("created", "updated"):
            return
        by = db.session.get_one(User, made.undone_by_id)
        stays = _taken_back(row, by)
        row.state, row.reason = ("kept", stays) if stays else ("undone", None)
        made.undone += not stays
        made.kept += bool(stays)
        made.worked_at = clock.now()
        made.version += 1


def _taken_back(row: ContactImportRow, by: User) -> str:
    if row.changes is None or row.contact_id is None:
        return _("Importado por uma versão anterior, que não guardava o que mudou.")
    try:
        with atomic():
            return reverting.revert(row.contact_id, row.changes, by, row.import_id)
    except reverting.InUse as reason:
        return str(reason)
    except Conflict as conflict:
        return conflict.message


def _finish(import_id: int) -> None:
    with atomic():
        made = queries.locked(import_id)
        if made.state != "undoing":
            return
        made.state = "undone"
        by = db.session.get_one(User, made.undone_by_id)
        said = {"undone": made.undone, "kept": made.kept}
        audit.record(by, "contacts.import_undone", "contact_import", made.id, None, said)
        announce(made)
        on_commit(contacts_live.list_changed)


def wake(import_id: int) -> None:
    """Have a worker go on."""
    enqueue("jobs.bulk.undo_import", import_id, queue="bulk")
