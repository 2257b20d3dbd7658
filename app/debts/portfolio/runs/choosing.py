"""The two policies of a run, as a form shows them and sends them back."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.debts.engine.faults import DebtFault
from app.debts.engine.money import from_number
from app.debts.engine.plans import Method
from app.debts.engine.policies import Policy, read_policy
from app.debts.engine.writing import number
from app.debts.simulations import policies
from app.words import N_

METHODS = (Method.SAC, Method.GAUSS)  # Price asks for the legal department, one contract at a time


@dataclass(frozen=True, slots=True)
class Knob:
    """One value that can be turned: its letter, the fields it sets, and its words."""

    letter: str
    fields: tuple[str, ...]
    label: str
    kind: str = "percent"  # percent | count | method

    @property
    def key(self) -> str:
        """Its name in forms, before the number of the policy."""
        return f"{self.letter}-{self.fields[0]}"


KNOBS = (
    Knob("A", ("desc_multa", "desc_juros"), N_("Desconto em multa e juros (%)")),
    Knob("B", ("desc_multa", "desc_juros"), N_("Desconto em multa e juros (%)")),
    Knob("B", ("entrada",), N_("Entrada (%)")),
    Knob("B", ("n_alvo",), N_("Parcelas"), "count"),
    Knob("C", ("desc_multa", "desc_juros"), N_("Desconto em multa e juros (%)")),
    Knob("C", ("entrada",), N_("Entrada (%)")),
    Knob("C", ("n_alvo",), N_("Parcelas"), "count"),
    Knob("C", ("taxa_mes",), N_("Juros do plano (% ao mês)")),
    Knob("C", ("metodo",), N_("Método"), "method"),
)


def usual() -> list[Policy]:
    """What a run starts from: the policy in force, and the same to be turned."""
    found = policies.in_force().policy
    return [found, found]


def shown(policy: Policy) -> dict[str, str]:
    """What each knob stands at."""
    found = {}
    for knob in KNOBS:
        value = getattr(getattr(policy, knob.letter), knob.fields[0])
        found[knob.key] = number(value * 100) if knob.kind == "percent" else str(value)
    return found


def chosen(base: Policy, given: Mapping[str, str], place: int) -> Policy:
    """The policy that a form's column asks for. Raises DebtFault naming the field.

    Named as the base where nothing is turned, else as an adjusted one.
    """
    asked: dict[str, dict[str, Any]] = {}
    for knob in KNOBS:
        text = given.get(f"{knob.key}-{place}", "").strip()
        if not text:
            continue
        try:
            value = _value(knob, text)
        except DebtFault as fault:
            raise fault.at(field=f"{knob.letter} · {knob.label}") from None
        for name in knob.fields:
            asked.setdefault(knob.letter, {})[name] = value
    found = read_policy(asked, base)
    if found == base:
        return base
    return read_policy({"version": f"{base.version} ajustada"}, found)


def _value(knob: Knob, text: str) -> str:
    if knob.kind == "method":
        if text not in METHODS:
            raise DebtFault(N_("não é uma das opções: %(options)s"), options=", ".join(METHODS))
        return text
    value = from_number(text.replace("%", "").replace(",", "."))
    if knob.kind == "percent":
        if not 0 <= value <= 100:
            raise DebtFault(N_("vai de 0 a 100"), value=text)
        return str(value / 100)
    if not (value == int(value) and 1 <= value <= Decimal(120)):
        raise DebtFault(N_("vai de 1 a 120"), value=text)
    return str(int(value))
