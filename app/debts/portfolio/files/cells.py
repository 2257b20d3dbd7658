"""Cells of a portfolio's rows as numbers. Pure; each fault names the field."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, TypeVar

from app.contacts.custom_fields.values import fold
from app.debts.engine.charges import LateTerms, applied
from app.debts.engine.correction import Regime
from app.debts.engine.faults import DebtFault
from app.debts.engine.money import from_number, rate, typed_by_people
from app.debts.engine.months import checked_date, month_of, read_date
from app.debts.engine.plans import MOST_INSTALMENTS
from app.debts.engine.statement.contract import USUAL_CODES, Category
from app.debts.portfolio.balances import EPOCH
from app.debts.portfolio.columns import UNKNOWN, ppm
from app.debts.portfolio.files.meanings import BY_KEY, NEEDED
from app.words import N_

Read = TypeVar("Read")
LONGEST_NAME = 60
NO_INDEX = {"", "-", "nenhum", "sem", "sem indice", "fixo", "n/a"}
_YES = {"sim", "s", "paga", "pago", "quitada", "quitado", "recebida", "recebido", "1", "true", "2",
        "y", "yes", "baixada", "liquidada"}  # fmt: skip
_NO = {"", "nao", "n", "aberta", "aberto", "em aberto", "vencida", "vencido", "a vencer", "0",
       "false", "no", "atrasada", "em atraso"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Terms:
    """What one row says of its contract; None where it says nothing."""

    fine: int | None = None  # ppm, under the ceilings
    interest: int | None = None
    yearly: bool | None = None
    broken: int | None = None
    income: int | None = None


NOTHING = Terms()


class Cells(NamedTuple):
    """One row read. `value` in cents, `due` in days since 1970, `place` an index's or -1."""

    contract: str
    due: int
    value: int
    base: int
    place: int
    monthly: bool
    settled: bool
    aside: bool  # of the bank, or keys: nothing that is proposed about by itself
    terms: Terms


class RowReader:
    """Reads rows whose columns mean `columns`, with these indexes by name.

    Millions come: whatever repeats is read once and remembered.
    """

    def __init__(self, columns: Sequence[str], indexes: Sequence[str]) -> None:
        for key in NEEDED:
            if key not in columns:
                raise DebtFault(N_("falta este campo"), field=BY_KEY[key].name)
        self._width = len(columns)
        self._index_places: dict[str, int] = {fold(n): place for place, n in enumerate(indexes)}

        def place(key: str) -> int:
            return columns.index(key) if key in columns else self._width  # one that is empty

        self._contract, self._due, self._value = (place(key) for key in NEEDED)
        self._corrected, self._kind, self._settled = map(place, ("corrected", "kind", "settled"))
        self._index, self._base = place("index"), place("base")
        self._terms = [place(key) for key in ("fine", "interest", "term", "broken", "income")]
        self._has_terms = any(one < self._width for one in self._terms)

    def contract(self, row: Sequence[str]) -> str:
        """The contract's name, "" when it has none: for faults too."""
        return row[self._contract][:LONGEST_NAME] if self._contract < len(row) else ""

    def read(self, row: list[str]) -> Cells:
        """One row of stripped cells. Raises DebtFault with contract and field."""
        missing = self._width + 1 - len(row)
        row = [*row[: self._width], ""] if missing <= 0 else row + [""] * missing
        name = row[self._contract][:LONGEST_NAME]
        try:
            if not name:
                raise DebtFault(N_("falta este campo"), field=BY_KEY["contract"].name)
            return self._read(name, row)
        except DebtFault as fault:
            raise fault.at(contract=name) from None

    def _read(self, name: str, row: list[str]) -> Cells:
        due = _needed(row[self._due], "due", day_number)
        value = _needed(row[self._value], "value", cents)
        index, month = UNKNOWN, due_month(due)
        if row[self._corrected]:  # what the ERP corrected to; never below the nominal value
            value = max(value, _needed(row[self._corrected], "corrected", cents))
        elif row[self._index]:
            index, month = self._indexed(row, month)
        kind, settled = row[self._kind], row[self._settled]
        return Cells(
            name,
            due,
            value,
            month,
            index,
            is_monthly(kind) if kind else True,
            _needed(settled, "settled", _yes) if settled else False,
            is_aside(kind),
            _terms_of(*[row[one] for one in self._terms]) if self._has_terms else NOTHING,
        )

    def _indexed(self, row: list[str], due: int) -> tuple[int, int]:
        """The place of the row's index, and its base month."""
        name = row[self._index]
        found = self._index_places.get(name)
        if found is None:
            found = self._index_places[name] = self._place_of(name)
        if found == UNKNOWN:
            return UNKNOWN, due
        month = due_month(_needed(row[self._base], "base", day_number))
        if month > due:
            raise DebtFault(N_("fica depois do vencimento"), field=BY_KEY["base"].name)
        return found, month

    def _place_of(self, name: str) -> int:
        plain = fold(name)
        if plain in NO_INDEX:
            return UNKNOWN
        if plain not in self._index_places:
            words = N_("este índice não está na série enviada")
            raise DebtFault(words, field=BY_KEY["index"].name, value=name)
        return self._index_places[plain]


def _needed(text: str, key: str, read: Callable[[str], Read]) -> Read:
    if not text:
        raise DebtFault(N_("falta este campo"), field=BY_KEY[key].name)
    try:
        return read(text)
    except DebtFault as fault:
        raise fault.at(field=BY_KEY[key].name) from None


def _given(text: str, key: str, read: Callable[[str], Read]) -> Read | None:
    return _needed(text, key, read) if text else None


@lru_cache(maxsize=4096)
def _terms_of(fine: str, interest: str, term: str, broken: str, income: str) -> Terms:
    """Few contracts differ in these, so each combination is read once."""
    late = LateTerms(
        _given(fine, "fine", percent) or Decimal(0), _given(interest, "interest", percent)
    )
    capped = applied(late)
    months = _given(term, "term", _count)
    return Terms(
        _needed(str(capped.fine), "fine", _ppm) if fine else None,
        _needed(str(capped.interest), "interest", _ppm) if interest else None,
        Regime.of_term(months).yearly if months is not None else None,
        _given(broken, "broken", _count),
        _given(income, "income", typed_by_people),
    )


@lru_cache(maxsize=50_000)
def day_number(text: str) -> int:
    """Days since 1970 of `30/11/2026` or `2026-11-30`. Raises DebtFault."""
    if len(text) > 10 and text[10] in " T":  # with a time, as programs write it
        text = text[:10]
    parts = text.split("/")
    if len(parts) == 3 and all(one.isascii() and one.isdecimal() for one in parts):
        day, month, year = (int(one) for one in parts)
        try:
            found = checked_date(date(year, month, day))
        except ValueError:
            raise DebtFault(N_("esta data não existe"), value=text) from None
    elif len(text.split("-")) == 3:
        found = read_date(text)
    else:
        raise DebtFault(N_("não é uma data (dd/mm/aaaa)"), value=text)
    return (found - EPOCH).days


@lru_cache(maxsize=50_000)
def due_month(days: int) -> int:
    """The month of a day counted from 1970."""
    return month_of(date.fromordinal(EPOCH.toordinal() + days))


def cents(text: str) -> int:
    """Cents of `1250,00`, `1.250,00`, `1250.5`. Raises DebtFault."""
    whole, comma, rest = text.partition(",")
    short = comma and len(rest) == 2 and len(whole) < 9 and text.isascii()
    if short and whole.isdecimal() and rest.isdecimal():  # nearly all of them: the quick way
        return int(whole) * 100 + int(rest)
    if text.startswith("-"):
        raise DebtFault(N_("não pode ser negativo"), value=text)
    return typed_by_people(text)


@lru_cache(maxsize=4096)
def percent(text: str) -> Decimal:
    """The fraction of `2`, `2,00` or `2%`. Raises DebtFault."""
    number = from_number(text.replace("%", "").strip().replace(",", "."))
    return rate(str(number / 100))


@lru_cache(maxsize=256)
def is_monthly(text: str) -> bool:
    """Whether this kind of instalment is a regular monthly one: by code or by word."""
    code = text.strip().upper()
    if code in USUAL_CODES:
        return USUAL_CODES[code] == Category.MONTHLY
    return fold(text).startswith(("mensa", "parcela mensa", "parcelas mensa"))


@lru_cache(maxsize=256)
def is_aside(text: str) -> bool:
    """Whether an instalment enters no proposal by itself: the bank's, or the keys'."""
    code = text.strip().upper()
    if code in USUAL_CODES:
        return USUAL_CODES[code] in (Category.BANK, Category.KEYS)
    return fold(text).startswith(("repasse", "financiamento", "chave", "fgts"))


@lru_cache(maxsize=4096)
def _yes(text: str) -> bool:
    plain = fold(text)
    if plain not in _YES and plain not in _NO:
        raise DebtFault(N_("não diz se está paga: use sim ou não"), value=text)
    return plain in _YES


def _count(text: str) -> int:
    number = from_number(text)
    if number != int(number) or not 0 <= number <= MOST_INSTALMENTS * 10:
        raise DebtFault(N_("não é um número inteiro possível"), value=text)
    return int(number)


def _ppm(text: str) -> int:
    return ppm(Decimal(text))
