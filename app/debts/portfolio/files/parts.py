"""Rows of a portfolio as arrays, a part at a time, and the parts together as one book."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from app.debts.engine.faults import DebtFault
from app.debts.engine.policies import Policy
from app.debts.portfolio.columns import UNKNOWN, Columns, Factors, Flags, Ints, ppm
from app.debts.portfolio.files.cells import Cells, Terms
from app.debts.portfolio.files.meanings import BY_KEY
from app.words import N_

_TERMS = ("fine", "interest", "yearly", "broken", "income")
_FIELDS = {"yearly": "term"}


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is left out: where it stands, and why in Portuguese."""

    line: int
    contract: str
    field: str
    reason: str

    @classmethod
    def of(cls, fault: DebtFault, line: int) -> "Refused":
        """From a fault of the engine's kind."""
        plain = DebtFault(fault.reason, **fault.values)  # type: ignore[arg-type]
        return cls(line, fault.contract, fault.field, plain.said())


@dataclass
class Part:
    """Some rows in their order. `owner` is a place in `names`."""

    names: list[str] = field(default_factory=list)
    terms: list[Terms] = field(default_factory=list)
    owner: "array[int]" = field(default_factory=lambda: array("i"))
    value: "array[int]" = field(default_factory=lambda: array("q"))
    due: "array[int]" = field(default_factory=lambda: array("i"))
    base: "array[int]" = field(default_factory=lambda: array("i"))
    index: "array[int]" = field(default_factory=lambda: array("b"))
    monthly: "array[int]" = field(default_factory=lambda: array("b"))
    settled: int = 0
    aside: int = 0
    _places: dict[str, int] = field(default_factory=dict)

    def add(self, cells: Cells) -> None:
        """One more row. Raises DebtFault where it says something else of its contract."""
        place = self.know(cells.contract, cells.terms)
        if cells.settled or cells.aside:
            self.settled += cells.settled
            self.aside += not cells.settled
            return
        self.owner.append(place)
        self.value.append(cells.value)
        self.due.append(cells.due)
        self.base.append(cells.base)
        self.index.append(cells.place)
        self.monthly.append(cells.monthly)

    def know(self, contract: str, terms: Terms) -> int:
        """A contract's place, with what is told of it. Raises DebtFault where that differs."""
        place = self._places.get(contract)
        if place is None:
            place = self._places[contract] = len(self.names)
            self.names.append(contract)
            self.terms.append(terms)
        elif terms is not (known := self.terms[place]) and terms != known:
            self.terms[place] = agreed(known, terms, contract)
        return place

    def save(self, file: Path) -> None:
        """Keep it in a file that `load` reads."""
        told: dict[str, Any] = {
            f"terms_{name}": np.array(
                [UNKNOWN if getattr(one, name) is None else getattr(one, name)
                 for one in self.terms], np.int64)
            for name in _TERMS
        }  # fmt: skip
        with file.open("wb") as opened:
            np.savez_compressed(
                opened,
                names=np.array(self.names, dtype=np.str_),
                owner=np.asarray(self.owner),
                value=np.asarray(self.value),
                due=np.asarray(self.due),
                base=np.asarray(self.base),
                index=np.asarray(self.index),
                monthly=np.asarray(self.monthly).astype(np.bool_),
                settled=np.array(self.settled),
                **told,
            )


def agreed(known: Terms, told: Terms, contract: str) -> Terms:
    """What two rows say of one contract together. Raises DebtFault where they differ."""
    found: dict[str, Any] = {}
    for name in _TERMS:
        one, other = getattr(known, name), getattr(told, name)
        if one is not None and other is not None and one != other:
            words = N_("difere de outra linha do mesmo contrato")
            where = BY_KEY[_FIELDS.get(name, name)].name
            raise DebtFault(words, contract=contract, field=where)
        found[name] = other if one is None else one
    return Terms(**found)


@dataclass(frozen=True)
class Book:
    """A whole portfolio: the columns and the contracts' names; how many have nothing open."""

    names: Sequence[str]
    columns: Columns
    settled_contracts: int


def joined(files: Iterable[Path], policy: Policy) -> tuple[Book, list[Refused]]:
    """The parts as one book, by contract and due date; what a contract leaves out is the policy's.

    Raises DebtFault when nothing is open in it.
    """
    places: dict[str, int] = {}
    names: list[str] = []
    terms: list[Terms] = []
    refused: list[Refused] = []
    rows: dict[str, list[Any]] = {name: [] for name in _ROWS}
    for file in files:
        with np.load(file, allow_pickle=False) as part:
            known = [part[f"terms_{name}"].tolist() for name in _TERMS]
            own = np.empty(len(part["names"]), np.int32)
            for number, name in enumerate(part["names"].tolist()):
                told = _terms([values[number] for values in known])
                place = places.get(name)
                if place is None:
                    place = places[name] = len(names)
                    names.append(name)
                    terms.append(told)
                else:
                    try:
                        terms[place] = agreed(terms[place], told, name)
                    except DebtFault as fault:
                        refused.append(Refused.of(fault, 0))
                own[number] = place
            rows["owner"].append(own[part["owner"]])
            for name in _ROWS[1:]:
                rows[name].append(part[name])
    whole = {name: np.concatenate(parts) for name, parts in rows.items() if parts}
    if not whole or not len(whole["owner"]):
        raise DebtFault(N_("não há parcela em aberto na carteira"))
    return _book(whole, names, terms, policy), refused


_ROWS = ("owner", "value", "due", "base", "index", "monthly")


def _terms(values: Sequence[int]) -> Terms:
    fine, interest, yearly, broken, income = (None if one == UNKNOWN else one for one in values)
    return Terms(fine, interest, None if yearly is None else bool(yearly), broken, income)


def _book(
    rows: dict[str, Any], names: Sequence[str], terms: Sequence[Terms], policy: Policy
) -> Book:
    order = np.lexsort((rows["due"], rows["owner"]))
    rows = {name: values[order] for name, values in rows.items()}
    owners, starts = np.unique(rows["owner"], return_index=True)
    chosen = [terms[one] for one in owners.tolist()]

    def of(name: str, default: int) -> Ints:
        told = (getattr(one, name) for one in chosen)
        return np.array([default if one is None else int(one) for one in told], np.int64)

    columns = Columns(
        starts=starts.astype(np.int64),
        value=rows["value"].astype(np.int64),
        due=rows["due"],
        base=rows["base"],
        index=rows["index"],
        monthly=rows["monthly"],
        fine=of("fine", ppm(policy.multa)),
        interest=of("interest", ppm(policy.mora_mes)),
        yearly=of("yearly", 0).astype(np.bool_),
        broken=of("broken", 0),
        income=of("income", UNKNOWN),
    )
    return Book([names[one] for one in owners.tolist()], columns, len(names) - len(owners))


def without_holes(book: Book, known: Factors) -> tuple[Book, list[Refused]]:
    """The book without the rows whose index lacks a month: those are refused, not the whole.

    Raises DebtFault when no row is left.
    """
    columns = book.columns
    owner = np.repeat(np.arange(columns.contracts), columns.ends - columns.starts)
    place = columns.index.astype(np.int64) + 1
    month = columns.base.astype(np.int64) - known.first
    bad: Flags = known.table[place, columns.yearly[owner].astype(np.int64), month] == UNKNOWN
    if not bad.any():
        return book, []
    refused = []
    for row in np.flatnonzero(bad).tolist():
        hole = known.holes[int(place[row]), int(columns.yearly[owner[row]]), int(month[row])]
        one = hole.at(contract=book.names[int(owner[row])], field=BY_KEY["index"].name)
        refused.append(Refused.of(one, 0))
    keep = ~bad
    owners, starts = np.unique(owner[keep], return_index=True)
    if not len(owners):
        raise DebtFault(N_("não há parcela em aberto na carteira"))
    rows = {name: getattr(columns, name)[keep] for name in _ROWS[1:]}
    contracts = {
        name: getattr(columns, name)[owners]
        for name in ("fine", "interest", "yearly", "broken", "income")
    }
    left = Columns(starts=starts.astype(np.int64), **rows, **contracts)
    names = [book.names[one] for one in owners.tolist()]
    return replace(book, names=names, columns=left), refused
