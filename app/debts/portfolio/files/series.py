"""Index series that come beside a portfolio: name, month and change in per cent, a row each."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from app.debts.engine.correction import IndexSeries
from app.debts.engine.faults import DebtFault
from app.debts.engine.money import from_number
from app.debts.engine.months import month_text, read_month
from app.words import N_

MOST_INDEXES = 100
COLUMNS = (N_("índice"), N_("mês"), N_("variação (%)"))

Kept = dict[str, dict[str, str]]


def read_series(rows: Sequence[Sequence[str]]) -> Kept:
    """Changes by index and month, as text. A first row that is no month is the titles.

    Raises DebtFault naming row and field.
    """
    found: Kept = {}
    for line, cells in enumerate(rows, 1):
        name, month, change = ([one.strip() for one in cells[:3]] + [""] * 3)[:3]
        try:
            known = read_month(_month(month))
        except DebtFault as fault:
            if line == 1:
                continue
            raise fault.at(instalment=f"#{line}", field=COLUMNS[1]) from None
        if not name or len(name) > 40:
            raise DebtFault(N_("falta este campo"), instalment=f"#{line}", field=COLUMNS[0])
        try:
            number = from_number(change.replace("%", "").strip().replace(",", "."))
        except DebtFault as fault:
            raise fault.at(instalment=f"#{line}", field=COLUMNS[2]) from None
        if number <= -100:
            words = N_("a variação de um mês fica acima de -100")
            raise DebtFault(words, instalment=f"#{line}", field=COLUMNS[2], value=change)
        found.setdefault(name, {})[month_text(known)] = str(number)
    if not found:
        raise DebtFault(N_("não há índice no arquivo de índices"))
    if len(found) > MOST_INDEXES:
        raise DebtFault(N_("há índices demais no arquivo de índices"))
    return found


def _month(text: str) -> str:
    """`2026-11` of `11/2026`, `01/11/2026`, `2026-11-01`."""
    parts = text.split("/")
    if len(parts) in (2, 3):
        return f"{parts[-1]}-{parts[-2].zfill(2)}"
    return text[:7]


def series(kept: Mapping[str, Mapping[str, str]]) -> list[IndexSeries]:
    """What was kept, as the engine's indexes, in the order of their names."""
    return [
        IndexSeries(name, {read_month(month): Decimal(text) for month, text in kept[name].items()})
        for name in sorted(kept)
    ]
