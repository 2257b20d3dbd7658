"""Consultants as CSV: out with one row each, and in again, row by row with its reason."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.consultants import service, week
from app.consultants.models import Consultant
from app.contacts.transfers import reading
from app.csv_cells import neutral
from app.errors import GuicheError
from app.extensions import db

MOST_ROWS = 500
COLUMNS = (
    "id", "nome", "email", "telefone", "idiomas", "ativo", "na_sequencia", "capacidade",
    "id_pipedrive", "acesso", "horario",
)  # fmt: skip
_YES = frozenset({"sim", "s", "1", "true", "verdadeiro", "x", "yes"})


@dataclass(slots=True)
class Outcome:
    """What became of a file: how many rows did what, and the lines that could not be."""

    created: int = 0
    changed: int = 0
    same: int = 0
    refused: list[tuple[int, str, str]] = field(default_factory=list)  # line, name, why


def exported() -> Iterator[str]:
    """The file, line by line; cells that a spreadsheet would run are text."""
    query = select(Consultant).where(Consultant.left_at.is_(None))
    people = db.session.scalars(
        query.options(joinedload(Consultant.user)).order_by(func.fold(Consultant.name))
    )
    yield "\ufeff" + _line(COLUMNS)
    for one in people:
        yield _line(
            (
                one.id, one.name, one.email, one.phone, ", ".join(one.languages),
                "sim" if one.active else "não", "sim" if one.in_sequence else "não",
                one.capacity, one.pipedrive_id, one.user.email if one.user else None,
                week.line_text(one.hours),
            )
        )  # fmt: skip


def _line(cells: tuple[Any, ...]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerow(
        [neutral("" if cell is None else str(cell)) for cell in cells]
    )
    return out.getvalue()


def imported(by: User, content: bytes) -> Outcome:
    """Create and change as the file says, each row in a transaction of its own.

    A row is somebody known by `id`, else by e-mail; columns that are missing leave things as they
    are. Raises GuicheError when it is no such file.
    """
    rows = list(reading.rows(content))
    if not rows:
        raise GuicheError(_("O arquivo está vazio."), status=422)
    heads = [cell.strip().lower().replace(" ", "_").replace("ê", "e") for cell in rows[0][1]]
    if "nome" not in heads or "idiomas" not in heads:
        raise GuicheError(
            _("A primeira linha precisa dar nome às colunas, com ao menos nome e idiomas."), 422
        )
    if len(rows) - 1 > MOST_ROWS:
        raise GuicheError(_("O arquivo passa de 500 linhas. Divida-o."), status=413)
    outcome = Outcome()
    for number, cells in rows[1:]:
        row = dict(zip(heads, cells, strict=False))
        try:
            _take(by, row, outcome)
        except GuicheError as error:
            outcome.refused.append((number, row.get("nome", ""), error.message))
    return outcome


def _take(by: User, row: Mapping[str, str], outcome: Outcome) -> None:
    given = _given(row)
    known = _known(row)
    if known is None:
        service.create(by, given)
        outcome.created += 1
        return
    before = known.version
    after = service.edit(by, known.id, given).version
    outcome.changed += after != before
    outcome.same += after == before


def _given(row: Mapping[str, str]) -> dict[str, Any]:
    names = {
        "nome": "name", "email": "email", "telefone": "phone", "idiomas": "languages",
        "capacidade": "capacity", "id_pipedrive": "pipedrive_id",
    }  # fmt: skip
    given: dict[str, Any] = {ours: row[theirs] for theirs, ours in names.items() if theirs in row}
    for theirs, ours in (("ativo", "active"), ("na_sequencia", "in_sequence")):
        if row.get(theirs):
            given[ours] = row[theirs].lower() in _YES
    if "acesso" in row:
        given["user_id"] = _user_id(row["acesso"])
    if "horario" in row:
        given["hours"] = week.read_line(row["horario"])
    return given


def _known(row: Mapping[str, str]) -> Consultant | None:
    number, email = row.get("id", ""), row.get("email", "").lower()
    found = None
    if number.isdecimal() and len(number) < 10:
        found = db.session.get(Consultant, int(number))
    if found is None and email:
        same = select(Consultant).where(func.lower(Consultant.email) == email)
        found = db.session.scalar(same.where(Consultant.left_at.is_(None)).limit(1))
    if found is None or found.left_at is not None:
        return None
    return found


def _user_id(email: str) -> int | None:
    if not email:
        return None
    found = db.session.scalar(select(User.id).where(User.email == email.lower(), User.active))
    if found is None:
        raise GuicheError(_("Ninguém da equipe tem o e-mail %(email)s.", email=email), 422)
    return found
