"""Rows as CSV and as XLSX: nothing in a cell is run as a formula, and nothing is held in memory."""

import csv
import io
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from app.csv_cells import neutral

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET_ROWS = 1_048_576  # what a sheet of XLSX holds, its titles included
LONGEST_CELL = 32_767
GULP = 200  # rows at once: one at a time costs more than reading it
PROGRESS = 2_000

Cells = Sequence[str]


def csv_line(cells: Cells) -> str:
    """One line of CSV."""
    line = io.StringIO()
    csv.writer(line, delimiter=";").writerow(neutral(cell) for cell in cells)
    return line.getvalue()


def csv_text(rows: Iterable[Cells]) -> Iterator[str]:
    """Rows as the CSV that Brazilian spreadsheets open without asking: marked, with semicolons.

    After each gulp whoever else waits for this process has their turn.
    """
    text = io.StringIO("\ufeff")
    text.seek(1)
    writer = csv.writer(text, delimiter=";")
    for place, cells in enumerate(rows, 1):
        writer.writerow([neutral(cell) for cell in cells])
        if place % GULP == 0:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
            time.sleep(0)
    yield text.getvalue()


def write_xlsx(
    path: Path, rows: Iterator[Cells], name: str, progress: Callable[[int], None]
) -> int:
    """Fill sheets called `name`, one after the other, titles first; how many rows there are.

    Every cell is text: a phone or a protocol is no number to reckon with. `progress` is told now
    and then how many are written.
    """
    import xlsxwriter  # here: it makes every start slower

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    bold = book.add_format({"bold": True})
    titles = next(rows)
    sheet, place, total = _sheet(book, name, titles, bold), 1, 0
    for cells in rows:
        if place >= SHEET_ROWS:
            sheet, place = _sheet(book, name, titles, bold), 1
        for column, cell in enumerate(cells):
            sheet.write_string(place, column, cell[:LONGEST_CELL])
        place, total = place + 1, total + 1
        if total % PROGRESS == 0:
            progress(total)
    book.close()
    return total


def _sheet(book: Any, name: str, titles: Cells, bold: Any) -> Any:
    number = len(book.worksheets()) + 1
    sheet = book.add_worksheet(name if number == 1 else f"{name} {number}")
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, bold)
    sheet.freeze_panes(1, 0)
    return sheet
