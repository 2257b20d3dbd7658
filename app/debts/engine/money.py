"""Money as integer cents, rates as Decimal fractions; the one rounding there is."""

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from app.debts.engine.faults import DebtFault
from app.words import N_

# R$ 1,000,000,000.00. cents × parts per million × days stays below 2**63 for ten years.
MOST = 100_000_000_000
NO_RATE = N_("não é uma taxa entre 0 e 1 (1 por cento é 0.01)")
_CENT = Decimal("0.01")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")


def half_up(numerator: int, denominator: int) -> int:
    """The quotient to the nearest integer, half away from zero; exact, whatever the size."""
    if numerator < 0:
        return -half_up(-numerator, denominator)
    return (2 * numerator + denominator) // (2 * denominator)


@lru_cache(maxsize=4096)
def ratio(rate: Decimal) -> tuple[int, int]:
    """A rate as an exact fraction of integers."""
    return rate.as_integer_ratio()


def share(cents: int, rate: Decimal) -> int:
    """`r(cents × rate)` in cents: one multiplication, one rounding."""
    above, below = ratio(rate)
    return half_up(cents * above, below)


def to_cents(value: Decimal) -> int:
    """Reais to cents, half-up; what came with more than two decimals is rounded here."""
    return int((value.quantize(_CENT, ROUND_HALF_UP)) * 100)


def to_reais(cents: int) -> Decimal:
    """Cents to reais with two decimals."""
    return Decimal(cents).scaleb(-2)


def from_number(value: object) -> Decimal:
    """A Decimal from what an ERP, a file or a person's program gave: text or number, dot as point.

    Doubles go through their text (`Decimal(str(x))`), never through their binary value.
    Raises DebtFault for anything else, infinities and not-a-number included.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
        raise DebtFault(N_("não é um número"), value=value)
    text = str(value).strip()
    if len(text) > 60 or not _NUMBER.fullmatch(text):
        raise DebtFault(N_("não é um número"), value=value)
    number = Decimal(text)
    if abs(number.adjusted()) > 30:
        raise DebtFault(N_("não é um número"), value=value)
    return number


def money(value: object) -> int:
    """Cents from a number or text in reais. Raises DebtFault: no number, negative, beyond 10^9."""
    number = from_number(value)
    if number < 0:
        raise DebtFault(N_("não pode ser negativo"), value=value)
    cents = to_cents(number)
    if cents > MOST:
        raise DebtFault(N_("passa do limite de R$ 1.000.000.000,00"), value=value)
    return cents


def checked(cents: int) -> int:
    """Cents as they are, within 0 and a thousand million reais. Raises DebtFault."""
    if cents < 0:
        raise DebtFault(N_("não pode ser negativo"), value=to_reais(cents))
    if cents > MOST:
        raise DebtFault(N_("passa do limite de R$ 1.000.000.000,00"), value=to_reais(cents))
    return cents


def rate(value: object) -> Decimal:
    """A fraction a month, 0 to 1. Raises DebtFault."""
    number = from_number(value)
    if not 0 <= number <= 1:
        raise DebtFault(NO_RATE, value=value)
    return number


def typed_by_people(text: str) -> int:
    """Cents of an amount as people and programs write it: `350.5`, `350,50`, `1.234,56`, `R$ 400`.

    A dot before exactly three final digits parts thousands; any other single one is the decimal
    point. Raises DebtFault.
    """
    plain = text.replace("R$", "").replace("\u00a0", "").replace(" ", "")
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".", 1)
    elif plain.count(".") > 1 or (plain.count(".") == 1 and len(plain.split(".")[1]) == 3):
        plain = plain.replace(".", "")
    if not plain or set(plain) - set("0123456789."):
        raise DebtFault(N_("não é um valor em reais"), value=text)
    return money(plain)
