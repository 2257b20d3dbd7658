"""Results as screens show them: the same rows for each card, marks, and the payments as bars."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from app.debts.engine import writing
from app.debts.engine.approval import CRITERIA, LEVEL_NAMES, TABLE, Level
from app.debts.engine.debt import Debt
from app.debts.engine.disclosure import Disclosure
from app.debts.engine.faults import DebtFault
from app.debts.engine.guardrails import Breach
from app.debts.engine.plans import Method
from app.debts.engine.policies import Mode, Policy
from app.debts.engine.proposals import Proposal
from app.debts.simulations.inputs import LETTERS
from app.words import N_, said

NAMES = {"A": N_("À vista"), "B": N_("Curto prazo"), "C": N_("Longo prazo")}
METHOD_NAMES = {
    Method.EQUAL: N_("Parcelas iguais, sem juros"),
    Method.SAC: N_("SAC: amortização constante"),
    Method.GAUSS: N_("Gauss: parcela constante, juros simples"),
    Method.PRICE: N_("Tabela Price"),
}
MODE_NAMES = {
    Mode.NEW_PLAN: N_("Novo plano"),
    Mode.SPREAD: N_("Diluir nas mensais a vencer"),
    Mode.CASH: N_("À vista"),
    Mode.SINGLE: N_("Pagamento único em 30 dias"),
}
PLOT_HEIGHT = 64


def reais(cents: int | None) -> str:
    """`R$ 1.234,56`, never broken in two."""
    return "—" if cents is None else f"R$\u00a0{writing.brl(cents)}"


def per_cent(fraction: Decimal | None) -> str:
    """`80%` of 0.8."""
    return "—" if fraction is None else writing.percent(fraction)


def cost_text(cost: Decimal | str | None) -> str:
    """`12,68%` of a yearly cost that is already per cent."""
    return "—" if cost is None else f"{Decimal(cost):.2f}%".replace(".", ",")


def date_text(value: date | str | None) -> str:
    """`30/11/2026` of a day, or of its ISO text."""
    if not value:
        return "—"
    return writing.day(date.fromisoformat(value) if isinstance(value, str) else value)


def in_words(fault: DebtFault | Breach) -> str:
    """What cannot be, or is broken, as the reader's language says it."""
    return fault.said(said)


def level_text(level: int) -> str:
    """What a person may grant, in words."""
    return said(LEVEL_NAMES[Level(level)])


def reason_text(name: str) -> str:
    """What asks for a higher level, in words."""
    return said(CRITERIA[name])


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a card: what it is, its value, where its calculation opens; `usual` is what the
    policy alone gives where that differs, `best` whether no other card has less.
    """

    key: str
    label: str
    value: str
    figure: str = ""
    usual: str = ""
    best: str = ""


def rows(
    proposal: Proposal,
    shown: Disclosure,
    others: Sequence[Proposal],
    usual: Proposal | None = None,
) -> list[Row]:
    """The same rows in the same order for every card, so that the eye compares across."""
    letter = proposal.letter
    compared = usual or proposal
    plans = [one for one in others if one.lines]
    lowest_entry = proposal.entry == min(one.entry for one in others)
    lowest = bool(proposal.lines) and proposal.highest == min(one.highest for one in plans)

    def row(key: str, label: str, value: str, was: str, best: str = "") -> Row:
        return Row(key, label, value, f"{letter}.{key}", was if was != value else "", best)

    return [
        row("discount", _("Desconto"), reais(proposal.discount), reais(compared.discount)),
        row(
            "entry", _("Entrada"), _entry(proposal), _entry(compared),
            _("menor entrada") if lowest_entry and len(others) > 1 else "",
        ),
        row(
            "lines", _("Parcelas"), _plan(proposal), _plan(compared),
            _("menor parcela") if lowest and len(plans) > 1 else "",
        ),
        row("interest", _("Juros do plano"), reais(proposal.plan_interest),
            reais(compared.plan_interest)),
        Row("cost", _("CET ao ano"), cost_text(shown.dated_cost), f"{letter}.cost"),
    ]  # fmt: skip


def _entry(proposal: Proposal) -> str:
    return reais(proposal.entry)


def _plan(proposal: Proposal) -> str:
    if not proposal.lines:
        return "—"
    count, first, last = len(proposal.lines), proposal.first, proposal.last
    if first is not None and last is not None and abs(first - last) > count:
        return _("%(n)s× de %(first)s a %(last)s", n=count, first=reais(first), last=reais(last))
    return _("%(n)s× de %(first)s", n=count, first=reais(first))


def when(proposal: Proposal) -> str:
    """When it is paid, in one line."""
    until = date_text(proposal.valid_until)
    if not proposal.lines:
        return _("Pague até %(day)s", day=until)
    first, last = date_text(proposal.lines[0].due), date_text(proposal.lines[-1].due)
    if not proposal.entry:
        return _("Primeira em %(first)s, última em %(last)s", first=first, last=last)
    return _(
        "Entrada até %(until)s; parcelas de %(first)s a %(last)s",
        until=until, first=first, last=last,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """A payment as a bar: where it stands and how high its parts are, in the plot's own units."""

    x: float
    amount: int
    interest: float
    rest: float
    label: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A payment flow on the scale that all cards share."""

    bars: list[Bar]
    width: float
    slots: int


def plot(proposal: Proposal, others: Sequence[Proposal]) -> Plot:
    """The entry, then one bar a month; heights and months are those of the largest card."""
    most = max((max(one.entry, one.highest) for one in others), default=1) or 1
    slots = max((len(one.lines) + 1 + one.terms.grace for one in others), default=1)
    step = 100 / slots

    def height(cents: int) -> float:
        return 0.0 if not cents else max(1.5, round(cents * PLOT_HEIGHT / most, 2))

    bars = []
    if proposal.entry:
        text = f"{date_text(proposal.valid_until)}: {reais(proposal.entry)}"
        bars.append(Bar(0.0, proposal.entry, 0.0, height(proposal.entry), text))
    for line in proposal.lines:
        own = line.interest + line.grace_interest
        place = (line.k + proposal.terms.grace) * step
        text = f"{line.k}ª, {date_text(line.due)}: {reais(line.payment)}"
        rest = height(line.payment - own)
        bars.append(Bar(round(place, 3), line.payment, height(own) if own else 0.0, rest, text))
    return Plot(bars, round(max(0.4, step * 0.7), 3), slots)


@dataclass(frozen=True, slots=True)
class Granted:
    """One field of what may be granted: its name, words, what the policy says and what I may."""

    name: str
    label: str
    kind: str  # percent, reais, count or the key of a choice
    usual: str
    limit: str = ""


def granted(policy: Policy, level: Level) -> dict[str, list[Granted]]:
    """The fields of each proposal with the policy's values and the person's own limits."""
    mine = TABLE.get(level)

    def most(text: str) -> str:
        return _("sua alçada: até %(most)s", most=text) if mine else _("sem alçada: pede aprovação")

    charges = most(per_cent(mine.charges) if mine else "")
    principal = most(per_cent(mine.principal) if mine else "")
    term = most(f"{mine.term}×" if mine else "")
    discounts = {
        letter: [
            Granted(f"{letter}.multa", _("Desconto na multa"), "percent",
                    per_cent(one.desc_multa), charges),
            Granted(f"{letter}.juros", _("Desconto nos juros de mora"), "percent",
                    per_cent(one.desc_juros), charges),
            Granted(f"{letter}.principal", _("Desconto no principal"), "percent",
                    per_cent(policy.A.desc_principal if letter == "A" else Decimal(0)), principal),
        ]
        for letter, one in (("A", policy.A), ("B", policy.B), ("C", policy.C))
    }  # fmt: skip
    short, long = policy.B, policy.C
    return {
        "A": discounts["A"],
        "B": [
            Granted("B.entrada", _("Entrada"), "reais", per_cent(short.entrada)),
            Granted("B.n", _("Parcelas"), "count",
                    _("%(target)s a %(most)s", target=short.n_alvo, most=short.n_max), term),
            *discounts["B"],
            Granted("B.taxa", _("Juros ao mês"), "percent", per_cent(short.juros)),
            Granted("B.carencia", _("Carência em meses"), "count", "0"),
        ],
        "C": [
            Granted("C.entrada", _("Entrada"), "reais", per_cent(long.entrada)),
            Granted("C.n", _("Parcelas"), "count",
                    _("%(target)s a %(most)s", target=long.n_alvo, most=long.n_max), term),
            *discounts["C"],
            Granted("C.taxa", _("Juros ao mês"), "percent", per_cent(long.taxa_mes)),
            Granted("C.metodo", _("Amortização"), "method", said(METHOD_NAMES[long.metodo])),
            Granted("C.modo", _("Forma"), "mode", said(MODE_NAMES[long.modo])),
            Granted("C.carencia", _("Carência em meses"), "count", "0"),
        ],
    }  # fmt: skip


COMPARED = (
    ("total", N_("Total")),
    ("discount", N_("Desconto")),
    ("entry", N_("Entrada")),
    ("count", N_("Parcelas")),
    ("first", N_("Primeira parcela")),
    ("last", N_("Última parcela")),
    ("plan_interest", N_("Juros do plano")),
    ("cost", N_("CET ao ano")),
    ("last_due", N_("Termina em")),
    ("level", N_("Alçada")),
)


def compared(now: Mapping[str, Any], before: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Two results row by row: of each letter the value before and now, and what changed."""
    table = []
    for key, label in COMPARED:
        cells = []
        for letter in LETTERS:
            old, new = (one["cards"].get(letter, {}).get(key) for one in (before, now))
            cells.append(
                {
                    "letter": letter,
                    "before": _cell(key, old),
                    "now": _cell(key, new),
                    "changed": old != new,
                    "difference": _difference(key, old, new),
                }
            )
        table.append({"label": said(label), "cells": cells})
    return table


def _cell(key: str, value: Any) -> str:
    if value is None:
        return "—"
    if key == "count":
        return f"{value}×" if value else "—"
    if key == "cost":
        return cost_text(value)
    if key == "last_due":
        return date_text(value)
    return level_text(value) if key == "level" else reais(value)


def _difference(key: str, old: Any, new: Any) -> str:
    plain = key in ("cost", "last_due", "level")
    if plain or not isinstance(old, int) or not isinstance(new, int) or old == new:
        return ""
    sign = "+" if new > old else "−"
    return f"{sign}{abs(new - old)}" if key == "count" else f"{sign}{reais(abs(new - old))}"


def debt_rows(debt: Debt) -> list[tuple[str, int]]:
    """The debt in its parts."""
    return [
        (_("Principal corrigido"), debt.principal),
        (_("Multa"), debt.fine),
        (_("Juros de mora"), debt.interest),
    ]
