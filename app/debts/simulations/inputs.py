"""What a simulation is asked: a day, instalments, a policy, an income, and what is granted beyond.

Read from a form, where each fault stays with its field, and kept as plain JSON.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from app.debts.engine.faults import DebtFault
from app.debts.engine.money import typed_by_people
from app.debts.engine.months import read_date
from app.debts.engine.plans import MOST_INSTALMENTS, Method
from app.debts.engine.policies import Mode
from app.debts.engine.writing import brl, number
from app.debts.simulations.content import plain
from app.debts.simulations.content import read as read_plain
from app.words import N_

Read = TypeVar("Read")
LETTERS = ("A", "B", "C")
# The equal split is what each of these is without interest: by itself it would hide the rate.
METHODS = (Method.SAC, Method.GAUSS, Method.PRICE)
MODES = (Mode.NEW_PLAN, Mode.SPREAD)
MOST_GRACE = 24
MOST_CHOSEN = 1000


Form = Mapping[str, Sequence[str]]  # as `to_dict(flat=False)` of what was sent


@dataclass(frozen=True, slots=True)
class Override:
    """What one proposal is granted instead of its policy's; None is the policy's.

    Discounts and `rate` are fractions, `entry` is cents, `grace` months.
    """

    fine: Decimal | None = None
    interest: Decimal | None = None
    principal: Decimal | None = None
    entry: int | None = None
    count: int | None = None
    rate: Decimal | None = None
    method: Method | None = None
    mode: Mode | None = None
    grace: int | None = None

    @property
    def given(self) -> bool:
        """Whether anything departs from the policy."""
        return any(getattr(self, one.name) is not None for one in fields(self))


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that decides a result beside the contract. `chosen=None`: the usual instalments.

    `income` is cents a month; `policy_id=None` is the engine's own policy.
    """

    day: date
    chosen: tuple[str, ...] | None = None
    policy_id: int | None = None
    income: int | None = None
    A: Override = Override()
    B: Override = Override()
    C: Override = Override()

    def override(self, letter: str) -> Override:
        """What is granted to one proposal."""
        found: Override = getattr(self, letter)
        return found

    def stored(self) -> dict[str, Any]:
        """As the database keeps it."""
        found: dict[str, Any] = plain(self)
        return found

    @staticmethod
    def of(stored: Mapping[str, Any]) -> "Inputs":
        """From what the database keeps."""
        return read_plain(Inputs, stored)


# What people call the fields, by the end of their names.
LABELS = {
    "dia": N_("data"),
    "renda": N_("renda declarada"),
    "parcelas": N_("parcelas incluídas"),
    "multa": N_("desconto na multa"),
    "juros": N_("desconto nos juros de mora"),
    "principal": N_("desconto no principal"),
    "entrada": N_("entrada"),
    "n": N_("parcelas"),
    "taxa": N_("juros ao mês"),
    "metodo": N_("amortização"),
    "modo": N_("forma"),
    "carencia": N_("carência em meses"),
}


class Faults(dict[str, DebtFault]):
    """What cannot be, by the name of the field that says it; `""` is the whole."""

    def take(self, name: str, read: Callable[[], Read]) -> Read | None:
        """What `read` gives, or None and a fault at this field."""
        try:
            return read()
        except DebtFault as fault:
            self[name] = fault
            return None


def percent(text: str, most: int = 100) -> Decimal:
    """A fraction from `80`, `12,5` or `80%`. Raises DebtFault."""
    value = _number(text.replace("%", ""))
    if value < 0:
        raise DebtFault(N_("não pode ser negativo"), value=text)
    if value > most:
        raise DebtFault(N_("vai de 0 a %(most)s%%"), most=most, value=text)
    return value / 100


def whole(text: str, most: int, least: int = 0) -> int:
    """A whole number within its bounds. Raises DebtFault."""
    plain_text = text.strip()
    negative = plain_text.startswith("-") and plain_text[1:].isdecimal()
    if not negative and not (plain_text.isascii() and plain_text.isdecimal()):
        raise DebtFault(N_("não é um número inteiro"), value=text)
    value = int(plain_text[:12])
    if len(plain_text) > 9 or not least <= value <= most:
        raise DebtFault(N_("vai de %(least)s a %(most)s"), least=least, most=most, value=text)
    return value


def reais(text: str) -> int:
    """Cents from an amount as people type it. Raises DebtFault."""
    if text.strip().startswith("-"):
        raise DebtFault(N_("não pode ser negativo"), value=text)
    return typed_by_people(text.strip())


def _number(text: str) -> Decimal:
    plain_text = text.strip().replace(",", ".", 1)
    digits = plain_text.removeprefix("-").replace(".", "", 1)
    if len(plain_text) > 12 or not (digits.isascii() and digits.isdecimal()):
        raise DebtFault(N_("não é um número"), value=text)
    return Decimal(plain_text)


def read(form: Form, today: date) -> tuple[Inputs, Faults]:
    """What a form asks, and a fault for each field that cannot be (it then counts as not given)."""
    faults = Faults()
    typed = _one(form, "dia")
    day = faults.take("dia", lambda: _day(typed, today)) or today
    ticked = tuple(form.get("parcelas", ())[:MOST_CHOSEN])
    usual = tuple(one for one in _one(form, "padrao").split(",") if one)
    chosen = None if not _one(form, "escolheu") or set(ticked) == set(usual) else ticked
    policy = _one(form, "politica")
    policy_id = int(policy) if policy.isdecimal() and len(policy) < 9 else None
    income = _optional(form, faults, "renda", reais)
    return (
        Inputs(
            day,
            chosen,
            policy_id,
            income,
            **{letter: _override(form, faults, letter) for letter in LETTERS},
        ),
        faults,
    )


def _one(form: Form, name: str) -> str:
    return next(iter(form.get(name, ())), "").replace("\0", "").strip()


def _day(text: str, today: date) -> date:
    if not text:
        raise DebtFault(N_("escolha um dia"))
    day = read_date(text)
    if abs((day - today).days) > 3660:
        raise DebtFault(N_("fica a mais de dez anos de hoje"), value=text)
    return day


def _optional(form: Form, faults: Faults, name: str, reader: Callable[[str], Read]) -> Read | None:
    text = _one(form, name)
    return faults.take(name, lambda: reader(text)) if text else None


def _override(form: Form, faults: Faults, letter: str) -> Override:
    def one(field: str, reader: Callable[[str], Read]) -> Read | None:
        return _optional(form, faults, f"{letter}.{field}", reader)

    granted = Override(one("multa", percent), one("juros", percent), one("principal", percent))
    if letter == "A":
        return granted
    return replace(
        granted,
        entry=one("entrada", reais),
        count=one("n", lambda text: whole(text, MOST_INSTALMENTS, 1)),
        rate=one("taxa", lambda text: percent(text, 100)),
        method=one("metodo", lambda text: _option(METHODS, text)),
        mode=one("modo", lambda text: _option(MODES, text)),
        grace=one("carencia", lambda text: whole(text, MOST_GRACE)),
    )


def _option(options: Sequence[Read], text: str) -> Read:
    found = next((one for one in options if str(one) == text), None)
    if found is None:
        raise DebtFault(N_("não é uma das opções"), value=text)
    return found


def as_typed(inputs: Inputs) -> dict[str, str]:
    """The values of the form's fields that say these inputs."""
    typed = {"dia": inputs.day.isoformat(), "renda": _reais_typed(inputs.income)}
    for letter in LETTERS:
        one = inputs.override(letter)
        typed |= {
            f"{letter}.multa": _percent_typed(one.fine),
            f"{letter}.juros": _percent_typed(one.interest),
            f"{letter}.principal": _percent_typed(one.principal),
            f"{letter}.entrada": _reais_typed(one.entry),
            f"{letter}.n": "" if one.count is None else str(one.count),
            f"{letter}.taxa": _percent_typed(one.rate),
            f"{letter}.metodo": str(one.method or ""),
            f"{letter}.modo": str(one.mode or ""),
            f"{letter}.carencia": "" if one.grace is None else str(one.grace),
        }
    return typed


def _percent_typed(fraction: Decimal | None) -> str:
    return "" if fraction is None else number(fraction * 100)


def _reais_typed(cents: int | None) -> str:
    return "" if cents is None else brl(cents)
