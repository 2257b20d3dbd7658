"""The rows of a portfolio's file from a place on: CSV by its bytes, XLSX by its rows."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from flask_babel import gettext as _

from app.contacts.transfers.reading import delimiter_of, sheet, unreadable
from app.errors import GuicheError

MAX_BYTES = 600 * 1024 * 1024
MAX_SHEET_BYTES = 60 * 1024 * 1024
MAX_ROWS = 6_000_000
MAX_SHEET_ROWS = 300_000
MAX_COLUMNS = 100
HEAD_BYTES = 1_000_000
_MARK = b"\xef\xbb\xbf"


class Row(NamedTuple):
    """One row: its line in the file, its cells, and where reading goes on behind it."""

    line: int
    cells: list[str]
    next: int


def rows(file: Path, start: int = 0, line: int = 1) -> Iterator[Row]:
    """The rows from a place (`Row.next` of an earlier one) on, the titles first from the beginning.

    Raises GuicheError when it is no spreadsheet that we read, or exceeds a limit on the way.
    """
    with file.open("rb") as opened:
        is_sheet = opened.read(2) == b"PK"
    found = _sheet(file, start) if is_sheet else _csv(file, start, line)
    for row in found:
        if any(row.cells):
            yield row


def size(file: Path) -> int:
    """What `Row.next` counts up to: bytes, or 0 where only reading tells. Raises GuicheError."""
    found = file.stat().st_size
    with file.open("rb") as opened:
        is_sheet = opened.read(2) == b"PK"
    if found > (MAX_SHEET_BYTES if is_sheet else MAX_BYTES):
        words = _("O arquivo passa de 60 MB. Salve a planilha como CSV, que pode ter até 600 MB.")
        raise GuicheError(
            words if is_sheet else _("O arquivo passa de 600 MB. Divida-o."), status=413
        )
    return 0 if is_sheet else found


def _sheet(file: Path, start: int) -> Iterator[Row]:
    with file.open("rb") as opened:
        for line, cells in sheet(opened):
            if line > MAX_SHEET_ROWS + 1:
                words = _("A planilha passa de 300.000 linhas. Salve-a como CSV e envie de novo.")
                raise GuicheError(words, status=422)
            if line > start:
                yield Row(line, [one.strip() for one in cells[:MAX_COLUMNS]], line)


def _csv(file: Path, start: int, line: int) -> Iterator[Row]:
    delimiter = _delimiter(file)
    with file.open("rb") as opened:
        if start == 0 and opened.read(len(_MARK)) != _MARK:
            opened.seek(0)
        if start:
            opened.seek(start)
        lines = _Lines(opened)
        reader = csv.reader(lines, delimiter=delimiter)
        begins = line
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                raise GuicheError(
                    _("Não entendemos a linha %(line)s do arquivo: confira as aspas.", line=begins),
                    status=422,
                ) from None
            if begins > MAX_ROWS + 1:
                words = _("O arquivo passa de 6 milhões de linhas. Divida-o.")
                raise GuicheError(words, status=422)
            yield Row(begins, [one.strip() for one in cells[:MAX_COLUMNS]], lines.at)
            begins = line + reader.line_num


class _Lines:
    """Decoded lines of a file, and where the next one begins. A line in Latin letters is one."""

    def __init__(self, opened: Iterator[bytes]) -> None:
        self._opened = opened
        self.at: int = opened.tell()  # type: ignore[attr-defined]  # a file of bytes

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        raw = next(self._opened)
        self.at += len(raw)
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            text = raw.decode("cp1252", errors="replace")
        if "\0" in text:
            raise unreadable()
        return text


def _delimiter(file: Path) -> str:
    with file.open("rb") as opened:
        head = opened.read(HEAD_BYTES)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in head or not head.strip():
        raise unreadable()
    return delimiter_of(head.decode("utf-8", errors="replace"))
