"""Imports: a file is kept, its columns are given a meaning, and a worker takes its rows over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import islice

import structlog
from flask_babel import gettext as _
from sqlalchemy import delete, insert, or_, select, update

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.contacts import hooks
from app.contacts import live as contacts_live
from app.contacts.custom_fields import queries as custom_fields
from app.contacts.custom_fields.models import ContactField
from app.contacts.custom_fields.values import fold
from app.contacts.transfers import columns, files, people, reading, undoing
from app.contacts.transfers.joining import Overtaken, join
from app.contacts.transfers.models import UNDER_WAY, ContactImport, ContactImportRow
from app.contacts.transfers.progress import Turn, announce
from app.contacts.transfers.queries import locked
from app.errors import Conflict, GuicheError
from app.extensions import current_settings, db
from app.labels.queries import offered
from app.media.storage import StorageError
from app.queueing import enqueue
from app.transactions import atomic, on_commit

log = structlog.get_logger()

SAMPLE = 5  # rows of the preview
KEPT_AT_ONCE = 1_000
TRIES = 5


@dataclass(frozen=True, slots=True)
class Words:
    """What cells can name, as it stood when a job began: fields by id, labels by folded name."""

    fields: dict[int, ContactField]
    labels: dict[str, int]


def upload(by: User, file_name: str, content: bytes) -> ContactImport:
    """Keep a file and guess its columns. Raises GuicheError when it cannot be read."""
    head = list(islice(reading.rows(content), SAMPLE + 1))
    if len(head) < 2:
        raise GuicheError(
            _("A planilha precisa de uma linha de títulos e de ao menos um contato."), status=422
        )
    header = [cell[:200] for cell in head[0][1]]
    sample = [[cell[:200] for cell in cells] for _line, cells in head[1:]]
    key = files.keep_bytes(content)
    with atomic():
        made = ContactImport(
            made_by_id=by.id, made_at=clock.now(), file_name=_file_name(file_name),
            content_key=key, content_size=len(content), header=header, sample=sample,
            columns=columns.guess(header, custom_fields.in_use()),
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
        announce(made)
        return made


def _file_name(given: str) -> str:
    """What people called it, for their eyes only."""
    name = given.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in name if c.isprintable())[:120] or _("planilha")


def start(import_id: int, by: User, chosen: Sequence[str], known: str) -> ContactImport:
    """Let a worker begin. `chosen` says what each column means. Raises GuicheError, Conflict."""
    allowed = {meaning.key for meaning in columns.meanings(custom_fields.in_use())}
    meant = [key if key in allowed else "" for key in chosen]
    twice = {key for key in meant if key and key not in columns.MANY and meant.count(key) > 1}
    if twice:
        raise GuicheError(_("Duas colunas foram ligadas ao mesmo campo."), status=422)
    if not {"phone", "cpf", "email"} & set(meant):
        raise GuicheError(
            _("Ligue ao menos uma coluna a telefone, CPF ou e-mail: é por eles que achamos quem"
              " já é contato."),
            status=422,
        )  # fmt: skip
    with atomic():
        found = locked(import_id)
        if found.state != "mapping":
            raise Conflict(_("Esta importação já começou."))
        found.columns = meant + [""] * (len(found.header) - len(meant))
        found.known = known if known in ("fill", "overwrite", "skip") else "fill"
        found.state = "queued"
        found.worked_at = clock.now()
        said = {"file": found.file_name, "known": found.known}
        audit.record(by, "contacts.import_started", "contact_import", found.id, None, said)
        announce(found)
        on_commit(partial(_wake, found.id))
        return found


def cancel(import_id: int, by: User) -> ContactImport:
    """Stop before the next row; what was taken over stays. Raises Conflict when it is over."""
    with atomic():
        found = locked(import_id)
        if found.state == "mapping":
            found.state, found.content, found.finished_at = "cancelled", None, clock.now()
        elif found.is_under_way and found.state != "undoing":
            found.state = "cancelling"
            on_commit(partial(_wake, found.id))
        else:
            raise Conflict(_("Esta importação já terminou."))
        audit.record(by, "contacts.import_cancelled", "contact_import", found.id)
        announce(found)
        return found


def run(import_id: int) -> None:
    """A worker's turn: keep the rows of the file, then take them over one by one.

    Each row is written with its contact in one transaction, so whatever is killed in between,
    another run goes on behind the last row that was done.
    """
    try:
        _keep_rows(import_id)
    except GuicheError as error:
        _fail(import_id, error.message)
        return
    except StorageError as error:
        log.warning("import_waits_for_storage", import_id=import_id, reason=str(error))
        return  # the sweep comes back
    turn = Turn(import_id)
    words = Words(
        {field.id: field for field in custom_fields.in_use()},
        {fold(label.name): label.id for label in offered()},
    )
    while _take_next(import_id, words):
        if turn.is_over():
            _wake(import_id)
            return
    _finish(import_id)


def redrive() -> None:
    """Wake what no worker was at for a while: a job was lost, or its worker died."""
    patience = timedelta(seconds=current_settings().sweep_after_seconds)
    stuck = select(ContactImport.id, ContactImport.state).where(
        ContactImport.state.in_(UNDER_WAY), ContactImport.worked_at < clock.now() - patience
    )
    for import_id, state in db.session.execute(stuck.order_by(ContactImport.id)).all():
        (undoing.wake if state == "undoing" else _wake)(import_id)


def _keep_rows(import_id: int) -> None:
    with atomic():
        found = locked(import_id)
        if found.state != "queued":
            return
        lines = islice(reading.rows(files.uploaded(found)), 1, None)
        while part := list(islice(lines, KEPT_AT_ONCE)):
            values = [{"import_id": found.id, "line": n, "cells": cells} for n, cells in part]
            db.session.execute(insert(ContactImportRow), values)
            found.total += len(part)
        found.content = None
        found.state = "running"
        found.worked_at = clock.now()
        announce(found)


def _take_next(import_id: int, words: Words) -> bool:
    """One row, in a transaction of its own; False when there is none, or somebody wants a stop."""
    for attempt in range(TRIES):
        try:
            with atomic(), hooks.unlisted():
                return _take_one(import_id, words, last=attempt == TRIES - 1)
        except Overtaken:
            continue
    return True


def _take_one(import_id: int, words: Words, last: bool) -> bool:
    found = locked(import_id)
    if found.state != "running":
        return False
    row = db.session.scalars(
        select(ContactImportRow)
        .where(ContactImportRow.import_id == import_id, ContactImportRow.state == "waiting")
        .order_by(ContactImportRow.line)
        .limit(1)
    ).first()
    if row is None:
        return False
    by = db.session.get_one(User, found.made_by_id)
    try:
        with atomic():
            person = people.read(row.cells, found.columns, words.fields, words.labels)
            joined = join(person, found.known, by, import_id)
        row.state, row.contact_id = joined.state, joined.contact_id
        row.changes = joined.changes
    except people.Refused as refusal:
        row.state, row.reason = "refused", str(refusal)
    except Overtaken:
        if not last:
            raise
        row.state, row.reason = "refused", _("O contato mudou ao mesmo tempo; importe de novo.")
    except Conflict as conflict:
        row.state, row.reason = "refused", conflict.message
    setattr(found, row.state, getattr(found, row.state) + 1)
    found.worked_at = clock.now()
    found.version += 1
    return True


def _finish(import_id: int) -> None:
    with atomic():
        found = locked(import_id)
        if found.state == "cancelling":
            found.state = "cancelled"
        elif found.state == "running":
            found.state = "done"
        else:
            return
        found.finished_at = clock.now()
        found.content = None
        said = {
            "created": found.created, "updated": found.updated, "refused": found.refused,
        }  # fmt: skip
        by = db.session.get_one(User, found.made_by_id)
        audit.record(by, "contacts.imported", "contact_import", found.id, None, said)
        announce(found)
        on_commit(contacts_live.list_changed)


def _fail(import_id: int, reason: str) -> None:
    with atomic():
        found = locked(import_id)
        found.state, found.error, found.finished_at = "failed", reason, clock.now()
        found.content = None
        announce(found)


def _wake(import_id: int) -> None:
    enqueue("jobs.bulk.import_contacts", import_id, queue="bulk")


def forget_old(days: int) -> None:
    """Delete the rows of imports that ended long ago; what became of them stays in the numbers."""
    ended = clock.now() - timedelta(days=days)
    old = select(ContactImport.id).where(
        or_(
            ContactImport.finished_at < ended,
            (ContactImport.state == "mapping") & (ContactImport.made_at < ended),
        )
    )
    with atomic():
        db.session.execute(delete(ContactImportRow).where(ContactImportRow.import_id.in_(old)))
        forgotten = update(ContactImport).where(ContactImport.id.in_(old))
        db.session.execute(forgotten.values(content=None))
        # Nobody chose its columns in all this time.
        gone = {"state": "cancelled", "finished_at": clock.now()}
        db.session.execute(forgotten.where(ContactImport.state == "mapping").values(gone))
