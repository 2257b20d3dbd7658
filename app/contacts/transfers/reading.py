"""Spreadsheets from outside as rows of text: CSV in any usual spelling, and XLSX. Pure.

Nothing in a file is trusted: its size, how far it unpacks, its rows, columns and cells are bounded.
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import IO, Any

from flask_babel import gettext as _

from app.errors import GuicheError

MAX_BYTES = 25 * 1024 * 1024
MAX_UNPACKED = 300 * 1024 * 1024
MAX_PARTS = 2_000
MAX_ROWS = 100_000
MAX_COLUMNS = 100
MAX_CELL = 5_000
SNIFFED = 20  # rows that tell the delimiter

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_RISKY = ("=", "+", "-", "@")

Row = tuple[int, list[str]]


def rows(content: bytes) -> Iterator[Row]:
    """Every row that is not empty, with its line's number in the file; the first is the header.

    Raises GuicheError when it is no spreadsheet that we read, or exceeds a limit on the way.
    """
    if len(content) > MAX_BYTES:
        raise GuicheError(_("O arquivo passa de 25 MB. Divida-o e importe as partes."), status=413)
    found = sheet(io.BytesIO(content)) if content.startswith(b"PK") else _csv(content)
    count = 0
    for line, cells in found:
        if len(cells) > MAX_COLUMNS and any(cells[MAX_COLUMNS:]):
            raise GuicheError(_("A planilha passa de 100 colunas."), status=422)
        clean = [_clean(cell) for cell in cells[:MAX_COLUMNS]]
        if not any(clean):
            continue
        count += 1
        if count > MAX_ROWS + 1:
            raise GuicheError(
                _("A planilha passa de 100.000 linhas. Divida-a e importe as partes."), status=422
            )
        yield line, clean


def _clean(cell: str) -> str:
    """Without what no text holds; the apostrophe that makes a formula a text is taken off."""
    text = "".join(c for c in cell[:MAX_CELL] if c.isprintable() or c in "\n\t ").strip()
    return text[1:] if text.startswith("'") and text[1:].lstrip().startswith(_RISKY) else text


def _csv(content: bytes) -> Iterator[Row]:
    text = _decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    begins = 1
    try:
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1
    except csv.Error:
        raise GuicheError(
            _("Não entendemos a linha %(line)s do arquivo: confira as aspas.", line=begins),
            status=422,
        ) from None


def _decoded(content: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "")
    try:
        text = content.decode(encoding or "utf-8")
    except UnicodeDecodeError:
        if encoding:
            raise unreadable() from None
        text = content.decode("cp1252", errors="replace")
    if "\0" in text or not text.strip():
        raise unreadable()
    return text


def unreadable() -> GuicheError:
    """What is said of a file that is none of these."""
    return GuicheError(
        _("Não é uma planilha que saibamos ler. Salve-a como CSV ou XLSX e envie de novo."),
        status=415,
    )


def delimiter_of(text: str) -> str:
    """What parts the header into the most columns, the same number in the rows below."""

    def evidence(delimiter: str) -> tuple[int, int]:
        try:
            reader = csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=delimiter)
            widths = [len(cells) for cells in islice(reader, SNIFFED) if cells]
        except csv.Error:
            return 0, 0
        header = widths[0] if widths else 0
        return (sum(width == header for width in widths) if header > 1 else 0), header

    return max((";", ",", "\t"), key=evidence)


def sheet(file: IO[bytes]) -> Iterator[Row]:
    """The rows of an XLSX's first sheet as people would type them, empty ones too."""
    _check_package(file)
    from openpyxl import load_workbook  # here: it makes every start slower

    try:
        book = load_workbook(file, read_only=True, data_only=True)
        first = book.worksheets[0]
        first.reset_dimensions()  # what the file says of its size is not believed
        for line, cells in enumerate(first.iter_rows(values_only=True), start=1):
            yield line, [_written(cell) for cell in cells]
    except GuicheError:
        raise
    except Exception:  # noqa: BLE001 - of a broken file openpyxl raises whatever its readers meet
        raise unreadable() from None


def _check_package(file: IO[bytes]) -> None:
    """Refuse what unpacks to far more than it is, and XML that defines entities."""
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise GuicheError(_("A planilha é grande demais depois de aberta."), status=413)
            if "xl/workbook.xml" not in package.namelist():
                raise unreadable()
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with package.open(part) as opened:
                        if b"<!DOCTYPE" in opened.read(4096):
                            raise unreadable()
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
        raise unreadable() from None


def _written(cell: Any) -> str:
    """A cell as people would type it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return _("Sim") if cell else _("Não")
    if isinstance(cell, datetime | date):
        return cell.strftime("%d/%m/%Y")
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell).replace(".", ",")
    return str(cell)
