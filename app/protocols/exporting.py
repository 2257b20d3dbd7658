"""One row per protocol as a file, without a cap: CSV as it is read, XLSX by a worker."""

import csv
import io
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import xlsxwriter
from flask_babel import gettext as _
from sqlalchemy import Row, func, or_, select, tuple_, update

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.contacts.models import Contact
from app.csv_cells import neutral
from app.errors import Conflict, NotFound
from app.extensions import current_settings, db
from app.media.storage import StorageError, new_key, storage
from app.protocols import hooks, live, numbers, queries
from app.protocols.models import Protocol, ProtocolExport
from app.protocols.wording import priority_name, status_name
from app.queueing import enqueue
from app.transactions import atomic, on_commit

BATCH = 2_000
LASTS = timedelta(hours=24)
TRIES = 5
SHEET_ROWS = 1_048_576  # what a sheet of XLSX holds, its titles included
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_COLUMNS = (
    Protocol.id, Protocol.number, Protocol.created_at, Protocol.status, Protocol.priority,
    Protocol.consultant_id, Protocol.language, Protocol.description, Protocol.updated_at,
    Protocol.closed_at, Protocol.conversation_id, Contact.name,
)  # fmt: skip


def header() -> list[str]:
    """The titles."""
    return [
        _("Protocolo"), _("Aberto em"), _("Situação"), _("Prioridade"), _("Consultor"),
        _("Contato"), _("Idioma"), _("Descrição"), _("Alterado em"), _("Fechado em"),
        _("Minutos até fechar"), _("Conversa"),
    ]  # fmt: skip


def rows(viewer: User, chosen: queries.ProtocolFilter) -> Iterator[list[str]]:
    """The title row and every protocol that passes the filter, in the list's order, by key."""
    names = hooks.consultant_names()
    yield header()
    query = queries.query(viewer, chosen, *_COLUMNS).outerjoin(Protocol.contact).limit(BATCH)
    after = None
    while True:
        page = query
        if after is not None:
            page = query.where(tuple_(Protocol.created_at, Protocol.id) < tuple_(*after))
        found = db.session.execute(page).all()
        for row in found:
            yield _cells(row, names)
        if len(found) < BATCH:
            return
        after = (found[-1].created_at, found[-1].id)


def _cells(row: Row[Any], names: dict[int, str]) -> list[str]:
    took = int((row.closed_at - row.created_at).total_seconds() // 60) if row.closed_at else ""
    return [
        numbers.written(row.number), _moment(row.created_at), status_name(row.status),
        priority_name(row.priority), names.get(row.consultant_id, ""), row.name or "",
        row.language or "", row.description, _moment(row.updated_at), _moment(row.closed_at),
        str(took), str(row.conversation_id or ""),
    ]  # fmt: skip


def _moment(value: datetime | None) -> str:
    return f"{value.astimezone(clock.COMPANY_ZONE):%d/%m/%Y %H:%M}" if value else ""


def count(viewer: User, chosen: queries.ProtocolFilter) -> int:
    """How many pass the filter."""
    found = queries.query(viewer, chosen, Protocol.id).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def csv_export(by: User, chosen: queries.ProtocolFilter) -> Iterator[str]:
    """The list as CSV, read while it is sent. That it was taken is recorded first, with the count.

    Cells that a spreadsheet would run are neutralised.
    """
    with atomic():
        _record(by, "csv", chosen, count(by, chosen))
    return _csv(rows(by, chosen))


def _csv(lines: Iterator[list[str]]) -> Iterator[str]:
    # The mark and the semicolons are what Brazilian spreadsheets open without asking.
    text = io.StringIO("\ufeff")
    text.seek(1)
    writer = csv.writer(text, delimiter=";")
    for place, cells in enumerate(lines, 1):
        writer.writerow([neutral(cell) for cell in cells])
        if place % 200 == 0:  # in gulps: a line at a time costs more than reading it
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()


def request_xlsx(by: User, chosen: queries.ProtocolFilter) -> ProtocolExport:
    """Let a worker make an XLSX; it can be fetched for a day."""
    with atomic():
        total = count(by, chosen)
        _record(by, "xlsx", chosen, total)
        made = ProtocolExport(
            made_by_id=by.id, made_at=clock.now(), filter=chosen.as_arguments(), total=total,
            worked_at=clock.now(),
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
        on_commit(partial(_wake, made.id))
        return made


def _record(by: User, kind: str, chosen: queries.ProtocolFilter, total: int) -> None:
    said = "; ".join(f"{name}={text}" for name, text in chosen.as_arguments().items())
    told = {"format": kind, "count": total, "filter": said}
    audit.record(by, "protocols.exported", "protocol_export", "list", None, told)


def run(export_id: int) -> None:
    """A worker's turn: write the file. Begun anew when the worker before it died."""
    with atomic():
        made = _locked(export_id)
        if made.state not in ("queued", "running"):
            return
        made.attempts += 1
        made.done, made.worked_at = 0, clock.now()
        made.state = "running" if made.attempts <= TRIES else "failed"
        _announce(made)
        if made.state == "failed":
            return
    viewer = db.session.get_one(User, made.made_by_id)
    chosen = queries.parse_filter({name: str(text) for name, text in made.filter.items()})
    key = new_key(".xlsx")
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        total = _write(export_id, Path(file.name), rows(viewer, chosen))
        size = Path(file.name).stat().st_size
        storage().put(key, Path(file.name), XLSX)
    with atomic():
        made = _locked(export_id)
        made.storage_key, made.size, made.state = key, size, "done"
        made.done = made.total = total
        made.expires_at = clock.now() + LASTS
        _announce(made)


def _write(export_id: int, file: Path, lines: Iterator[list[str]]) -> int:
    """Fill the sheets, one after the other, in constant memory; how many protocols there are."""
    book = xlsxwriter.Workbook(file, {"constant_memory": True})
    titles = next(lines)
    bold = book.add_format({"bold": True})
    total, place = 0, SHEET_ROWS
    sheet: Any = None
    for cells in lines:
        if place >= SHEET_ROWS:
            sheet, place = _sheet(book, titles, bold), 1
        for column, cell in enumerate(cells):
            # As text: a number of a protocol is none to reckon with, and nothing is a formula.
            sheet.write_string(place, column, cell[:32_767])
        place, total = place + 1, total + 1
        if total % BATCH == 0:
            _progress(export_id, total)
    if sheet is None:
        _sheet(book, titles, bold)
    book.close()
    return total


def _sheet(book: xlsxwriter.Workbook, titles: list[str], bold: Any) -> Any:
    number = len(book.worksheets()) + 1
    first = _("Protocolos")
    sheet = book.add_worksheet(first if number == 1 else first + f" {number}")
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, bold)
    sheet.freeze_panes(1, 0)
    return sheet


def _progress(export_id: int, done: int) -> None:
    with atomic():
        made = _locked(export_id)
        made.done, made.worked_at = done, clock.now()
        _announce(made)


def find(export_id: int, by: User) -> ProtocolExport:
    """An export of this person's own; raises NotFound."""
    made = db.session.get(ProtocolExport, export_id)
    if made is None or made.made_by_id != by.id:
        raise NotFound
    return made


def content_of(export_id: int, by: User) -> tuple[Iterator[bytes], int]:
    """The file in chunks and its size, for who asked for it. Raises NotFound, Conflict."""
    made = find(export_id, by)
    expired = made.expires_at is not None and made.expires_at < clock.now()
    if made.state != "done" or expired or made.storage_key is None:
        raise Conflict(_("Este arquivo já não está disponível. Exporte de novo."))
    try:
        return storage().read(made.storage_key, 0, made.size), made.size
    except StorageError:
        raise Conflict(_("Este arquivo já não está disponível. Exporte de novo.")) from None


def redrive() -> None:
    """Wake what no worker was at for a while; forget files that nobody may fetch any more."""
    patience = timedelta(seconds=current_settings().sweep_after_seconds * 6)
    stuck = select(ProtocolExport.id).where(
        ProtocolExport.state.in_(("queued", "running")),
        or_(ProtocolExport.worked_at.is_(None), ProtocolExport.worked_at < clock.now() - patience),
    )
    for export_id in db.session.scalars(stuck.order_by(ProtocolExport.id)).all():
        _wake(export_id)
    old = select(ProtocolExport.id, ProtocolExport.storage_key).where(
        ProtocolExport.state == "done", ProtocolExport.expires_at < clock.now()
    )
    for export_id, key in db.session.execute(old.order_by(ProtocolExport.id)).all():
        if key:
            storage().delete(key)
        with atomic():
            db.session.execute(
                update(ProtocolExport)
                .where(ProtocolExport.id == export_id)
                .values(state="expired", storage_key=None, version=ProtocolExport.version + 1)
            )


def _announce(made: ProtocolExport) -> None:
    made.version += 1
    on_commit(partial(live.export_changed, made), once=("protocol export", made.id))


def _wake(export_id: int) -> None:
    enqueue("jobs.bulk.export_protocols", export_id, queue="bulk")


def _locked(export_id: int) -> ProtocolExport:
    made = db.session.get(ProtocolExport, export_id, with_for_update=True, populate_existing=True)
    if made is None:
        raise NotFound
    return made
