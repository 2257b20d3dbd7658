"""A step of a calculation, as data that a page, a PDF or an auditor can open."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from app.debts.engine import writing
from app.debts.engine.rules import RULES, Kind, Rule
from app.words import N_


class Unit(StrEnum):
    """What a value counts."""

    MONEY = "money"  # cents
    RATE = "rate"  # a fraction
    COUNT = "count"
    DAYS = "days"
    FACTOR = "factor"
    PERCENT = "percent"  # already per cent
    REAIS = "reais"  # a Decimal of reais, any places


@dataclass(frozen=True, slots=True)
class Value:
    """A number and what it counts."""

    unit: Unit
    raw: int | Decimal

    def written(self) -> str:
        """As Brazilians read it."""
        raw = self.raw
        match self.unit:
            case Unit.MONEY:
                return writing.brl(int(raw))
            case Unit.RATE:
                return writing.percent(Decimal(raw))
            case Unit.FACTOR:
                return writing.factor(Decimal(raw))
            case Unit.PERCENT:
                return f"{writing.number(Decimal(raw))}%"
            case _:
                return writing.number(Decimal(raw))


def money(cents: int) -> Value:
    """Cents."""
    return Value(Unit.MONEY, cents)


def rate(fraction: Decimal) -> Value:
    """A fraction, shown in per cent."""
    return Value(Unit.RATE, fraction)


def count(value: int) -> Value:
    """A plain number."""
    return Value(Unit.COUNT, value)


# What the operands of formulas are called.
OPERANDS = {
    "base": N_("valor corrigido em aberto"),
    "acordo": N_("base do acordo"),
    "nominal": N_("valor nominal em aberto"),
    "fator": N_("fator de correção"),
    "multa": N_("multa"),
    "juros": N_("juros"),
    "principal": N_("principal"),
    "taxa": N_("taxa ao mês"),
    "teto": N_("teto ao mês"),
    "percentual": N_("percentual"),
    "dias": N_("dias de atraso"),
    "trigesimos": N_("meses completos × 30 + dias"),
    "diaria": N_("reais por dia"),
    "pago": N_("valor pago"),
    "total": N_("total"),
    "desconto": N_("desconto"),
    "entrada": N_("entrada"),
    "minima": N_("parcela mínima"),
    "financiado": N_("valor financiado"),
    "encargos": N_("encargos financiados"),
    "n": N_("número de parcelas"),
    "k": N_("parcela"),
    "saldo": N_("saldo"),
    "meses": N_("meses de carência"),
    "soma": N_("soma das parcelas"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One number: `label` and the names in `OPERANDS` are marked texts.

    `formula` holds its operands in braces; `exact` is what stood before the rounding, in cents;
    `months` are those whose index counts; `policy` is the version that was in force.
    """

    rule: str
    label: str
    formula: str
    operands: Mapping[str, Value]
    result: Value
    exact: Fraction | None = None
    dates: tuple[tuple[str, date], ...] = ()
    months: tuple[int, ...] = ()
    policy: str = ""

    @property
    def cites(self) -> Rule:
        """The rule with its source."""
        return RULES[self.rule]

    @property
    def kind(self) -> Kind:
        """Law, market or policy."""
        return self.cites.kind

    def substituted(self) -> str:
        """`r(100,00 × 1% × 10 ÷ 30) = r(0,3333…) = 0,33`."""
        values = {name: value.written() for name, value in self.operands.items()}
        parts = [self.formula.format(**values)]
        rounded = self.result.unit == Unit.MONEY and self.exact is not None
        if rounded and self.exact != self.result.raw:
            parts.append(f"r({writing.unrounded(self.exact or Fraction(0))})")
        return " = ".join([*parts, self.result.written()])

    def data(self, translate: Callable[[str], str] = str) -> dict[str, object]:
        """Everything as plain values, for JSON or a template."""
        cited = self.cites
        return {
            "rule": self.rule,
            "kind": str(self.kind),
            "title": translate(cited.title),
            "source": cited.source,
            "label": translate(self.label),
            "formula": self.substituted(),
            "operands": [
                {"name": translate(OPERANDS[name]), "value": value.written()}
                for name, value in self.operands.items()
            ],
            "result": self.result.written(),
            "dates": [
                {"name": translate(name), "value": writing.day(value)} for name, value in self.dates
            ],
            "months": [writing.month(one) for one in self.months],
            "policy": self.policy,
        }


def product(cents: int, fraction: Decimal) -> Fraction:
    """A product before its rounding, in cents."""
    return Fraction(cents) * Fraction(fraction)
