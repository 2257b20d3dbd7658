"""A run's figures of every contract: kept in one file, written out as rows."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from flask_babel import gettext as _

from app.debts.portfolio.columns import UNKNOWN
from app.debts.portfolio.runs.computing import Outcome

_BALANCES = ("principal", "fine", "interest", "late_rows", "oldest", "months_remaining", "current")
_COLUMN = ("there", "entry", "count", "first", "last", "total", "above")
_LETTERS = ("a", "b", "c")


def save(outcome: Outcome, file: Path) -> None:
    """Keep it in a file that `rows` reads."""
    kept = {name: getattr(outcome.balances, name) for name in _BALANCES}
    for number, sets in enumerate(outcome.sets):
        for letter in _LETTERS:
            column = getattr(sets, letter)
            kept |= {f"{number}_{letter}_{name}": getattr(column, name) for name in _COLUMN}
    names = np.array(outcome.book.names, dtype=np.str_)
    with file.open("wb") as opened:
        np.savez_compressed(opened, names=names, policies=np.array(len(outcome.sets)), **kept)


def header(policies: list[str]) -> list[str]:
    """The titles: the balances once, the proposals for each policy."""
    titles = [
        _("Contrato"), _("Dias da parcela mais antiga"), _("Parcelas vencidas"),
        _("Principal corrigido"), _("Multa"), _("Juros de mora"), _("Total vencido"),
        _("Meses restantes"), _("Mensal atual"),
    ]  # fmt: skip
    for policy in policies:
        for letter in ("A", "B", "C"):
            titles += [
                f"{letter} · {word} · {policy}"
                for word in (
                    _("entrada"), _("parcelas"), _("primeira"), _("última"), _("total"),
                    _("acima da capacidade"),
                )
            ]  # fmt: skip
    return titles


def rows(file: Path) -> Iterator[list[str]]:
    """A row a contract, in the file's order, money as `1234,56`; what there is not is empty."""
    with np.load(file, allow_pickle=False) as kept:
        names = kept["names"]
        plain = {name: kept[name] for name in _BALANCES}
        columns = [
            {name: kept[f"{number}_{letter}_{name}"] for name in _COLUMN}
            for number in range(int(kept["policies"]))
            for letter in _LETTERS
        ]
    total = plain["principal"] + plain["fine"] + plain["interest"]
    for place in range(len(names)):
        one = {name: int(values[place]) for name, values in plain.items()}
        current = one["current"]
        cells = [
            str(names[place]), str(one["oldest"]), str(one["late_rows"]), _money(one["principal"]),
            _money(one["fine"]), _money(one["interest"]), _money(int(total[place])),
            str(one["months_remaining"]), "" if current == UNKNOWN else _money(current),
        ]  # fmt: skip
        for column in columns:
            cells += _cells({name: values[place] for name, values in column.items()})
        yield cells


def _cells(one: dict[str, int]) -> list[str]:
    if not one["there"]:
        return [""] * 6
    count = int(one["count"])
    return [
        _money(int(one["entry"] if count else one["total"])),
        str(count),
        _money(int(one["first"])) if count else "",
        _money(int(one["last"])) if count else "",
        _money(int(one["total"])),
        _("sim") if one["above"] else _("não"),
    ]


def _money(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"
