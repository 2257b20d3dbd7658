"""Files that leave the pages of contacts."""

from collections.abc import Iterable, Iterator

from flask import Response, stream_with_context

from app.contacts.transfers.exporting import csv_line
from app.contacts.transfers.files import CSV, XLSX


def csv_file(lines: Iterator[str], name: str) -> Response:
    """Lines as CSV, sent while they are read."""
    return _file(stream_with_context(lines), CSV, f"{name}.csv")


def xlsx_file(content: bytes | Iterator[bytes], name: str) -> Response:
    """A spreadsheet."""
    return _file(content, XLSX, f"{name}.xlsx")


def marked(rows: Iterable[list[str]]) -> Iterator[str]:
    """Cells as the CSV that Brazilian spreadsheets open without asking."""
    yield "\ufeff"
    for cells in rows:
        yield csv_line(cells)


def _file(body: bytes | Iterator[bytes] | Iterator[str], kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(body, mimetype=kind, headers=headers)
