"""How a customer's debts read: figures, the timeline, why two figures differ."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _

from app.contacts import ids
from app.debts.engine.months import month_of
from app.debts.engine.statement.analysis import Band, Statement
from app.debts.engine.statement.lines import CAUSE_NAMES, Cause, Line, Status
from app.debts.engine.writing import brl
from app.debts.lookups.reading import ContractRead
from app.words import N_, said

MOST_COLUMNS = 48
STATES = {
    "queued": N_("Na fila"),
    "reading": N_("Consultando…"),
    "fresh": N_("Consultado"),
    "not_found": N_("Sem cadastro"),
    "failed": N_("Não consultado"),
}
COLOURS = {
    "queued": "yellow", "reading": "yellow", "fresh": "green", "not_found": "secondary",
    "failed": "red",
}  # fmt: skip
STATE_COLOURS = {
    "QUITADO": "green", "SEM_DEBITO_VENCIDO": "green", "COM_DEBITO_VENCIDO": "red",
    "BLOQUEADO": "yellow",
}  # fmt: skip
LINE_COLOURS = {
    Status.PAID: "green", Status.CLOSED: "secondary", Status.OVERDUE: "red", Status.SOON: "yellow",
    Status.FUTURE: "secondary",
}  # fmt: skip


def money(cents: int | None) -> str:
    """`R$ 1.234,56`, never broken in two."""
    return "—" if cents is None else f"R$\u00a0{brl(cents)}"


def masked(document: str) -> str:
    """A CPF or CNPJ of which enough stands to recognise it, too little to use it."""
    if len(document) == 11:
        return ids.mask_cpf(document)
    return f"**.{document[2:5]}.{document[5:8]}/****-**"


def whole(document: str) -> str:
    """As people write it."""
    return ids.display_cpf(document) if len(document) == 11 else ids.display_cnpj(document)


def band_name(band: Band) -> str:
    """`31 a 60 dias`."""
    if band.until is None:
        return _("mais de %(days)s dias", days=band.since - 1)
    return _("%(since)s a %(until)s dias", since=band.since, until=band.until)


def causes(lines: Iterable[Line]) -> str:
    """Why the ERP's figure may differ, in one phrase."""
    found = dict.fromkeys(cause for line in lines for cause in line.causes)
    if len(found) > 1:
        found.pop(Cause.OTHER, None)
    return ", ".join(said(CAUSE_NAMES[one]) for one in found)


@dataclass(frozen=True, slots=True)
class Both:
    """One sum by the two reckonings, in cents; `why` where they differ by more than a cent."""

    ours: int
    theirs: int | None
    why: str

    @property
    def differ(self) -> bool:
        """Whether both must be shown."""
        return self.theirs is not None and abs(self.ours - self.theirs) > 1


def overdue(read: ContractRead) -> Both:
    """What is late, with charges."""
    return _both(read.statement.overdue)


def coming(read: ContractRead) -> Both:
    """What is not yet due."""
    return _both(read.statement.of(Status.SOON, Status.FUTURE))


def _both(lines: Sequence[Line]) -> Both:
    told = [one.instalment.erp_total for one in lines]
    known = [one for one in told if one is not None]
    theirs = sum(known) if len(known) == len(told) else None
    return Both(sum(one.total for one in lines), theirs, causes(lines))


@dataclass(slots=True)
class Column:
    """One column of the timeline, in cents; heights are in hundredths of the highest."""

    label: str
    name: str
    paid: int = 0
    late: int = 0
    coming: int = 0
    now: bool = False
    parts: list[tuple[str, float, float]] = field(default_factory=list)  # tone, y, height

    @property
    def total(self) -> int:
        """All of it."""
        return self.paid + self.late + self.coming


def timeline(statement: Statement) -> list[Column]:
    """What was paid, is late and comes, by month; by quarter or year where there are very many."""
    lines = [one for one in statement.lines if one.status is not Status.CLOSED]
    if not lines:
        return []
    months = [month_of(one.instalment.due) for one in lines]
    first, last = min(months), max(months)
    step = next((n for n in (1, 3, 12) if (last - first) // n < MOST_COLUMNS), 12)
    first -= first % step
    columns = [_column(month, step, statement.day) for month in range(first, last + 1, step)]
    for one, month in zip(lines, months, strict=True):
        column = columns[(month - first) // step]
        column.paid += one.paid
        if one.status is Status.OVERDUE:
            column.late += one.total
        elif one.is_open:
            column.coming += one.total
    _draw(columns)
    return columns


def _column(month: int, step: int, today: date) -> Column:
    year, index = divmod(month, 12)
    name = f"{index + 1:02d}/{year}" if step == 1 else str(year)
    if step == 3:
        name = _("%(quarter)sº tri. de %(year)s", quarter=index // 3 + 1, year=year)
    label = str(year) if index < step else ""
    return Column(label, name, now=month <= month_of(today) < month + step)


def _draw(columns: list[Column]) -> None:
    most = max((one.total for one in columns), default=0)
    for column in columns:
        y = 100.0
        for tone, cents in (("done", column.paid), ("late", column.late), ("quiet", column.coming)):
            height = round(cents * 100 / most, 1) if most else 0.0
            if cents:
                height = max(height, 1.5)  # a cent is seen too
                y -= height
                column.parts.append((tone, round(max(y, 0), 1), height))


def age_minutes(seconds: float) -> int:
    """Whole minutes."""
    return max(0, int(seconds // 60))
