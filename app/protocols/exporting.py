"""One row per protocol as a file, without a cap: CSV as it is read, XLSX by a worker."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Row, func, select, tuple_

from app import clock
from app.accounts.models import User
from app.contacts.models import Contact
from app.exports import making
from app.exports.sheets import GULP, csv_text
from app.extensions import db
from app.protocols import hooks, live, numbers, queries
from app.protocols.models import Protocol, ProtocolExport
from app.protocols.wording import priority_name, status_name
from app.transactions import atomic

BATCH = GULP

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
    return csv_text(rows(by, chosen))


def request_xlsx(by: User, chosen: queries.ProtocolFilter) -> ProtocolExport:
    """Let a worker make an XLSX; it can be fetched for a day."""
    with atomic():
        total = count(by, chosen)
        _record(by, "xlsx", chosen, total)
        return making.ask(KIND, by, chosen.as_arguments(), total)


def _record(by: User, form: str, chosen: queries.ProtocolFilter, total: int) -> None:
    arguments = chosen.as_arguments()
    making.record(by, "protocols.exported", "protocol_export", arguments, format=form, count=total)


def _rows_of(made: ProtocolExport) -> Iterator[list[str]]:
    viewer = db.session.get_one(User, made.made_by_id)
    return rows(viewer, queries.parse_filter({key: str(text) for key, text in made.filter.items()}))


KIND = making.Kind(
    model=ProtocolExport,
    rows=_rows_of,
    name=lambda: _("Protocolos"),
    job="jobs.bulk.export_protocols",
    changed=live.export_changed,
)
