"""Files as answers."""

from collections.abc import Iterator

from flask import Response, stream_with_context

from app import clock
from app.exports.sheets import CSV, XLSX


def csv_file(lines: Iterator[str], name: str) -> Response:
    """Lines as CSV, sent while they are read."""
    return _file(stream_with_context(lines), CSV, f"{name}.csv")


def xlsx_file(content: tuple[Iterator[bytes], int], name: str) -> Response:
    """A spreadsheet in chunks, with its size."""
    chunks, size = content
    answer = _file(chunks, XLSX, f"{name}.xlsx")
    answer.headers["Content-Length"] = str(size)
    return answer


def dated(name: str) -> str:
    """The name of a file with the day and hour at which it was taken."""
    return f"{name}-{clock.now().astimezone(clock.COMPANY_ZONE):%Y%m%d-%H%M}"


def _file(body: Iterator[bytes] | Iterator[str], kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(body, mimetype=kind, headers=headers)
