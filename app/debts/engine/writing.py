"""Figures as Brazilians read them. Pure text; the words around them belong to the pages."""

from datetime import date
from decimal import Decimal
from fractions import Fraction


def brl(cents: int) -> str:
    """`1.234,56`; a minus in front of what is negative."""
    sign, whole = ("-", -cents) if cents < 0 else ("", cents)
    reais, rest = divmod(whole, 100)
    return f"{sign}{reais:,}".replace(",", ".") + f",{rest:02d}"


def number(value: Decimal) -> str:
    """A decimal with a comma, without zeros at its end."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace(".", ",")


def factor(value: Decimal) -> str:
    """A correction factor with all its ten decimals."""
    return format(value, ".10f").replace(".", ",")


def percent(rate: Decimal) -> str:
    """A fraction as per cent: `1%`, `0,5%`."""
    return f"{number(rate * 100)}%"


def day(value: date) -> str:
    """`30/11/2026`."""
    return f"{value:%d/%m/%Y}"


def month(value: int) -> str:
    """`11/2026` of a month counted from the year 0."""
    return f"{value % 12 + 1:02d}/{value // 12}"


def unrounded(cents: Fraction) -> str:
    """What stood before the rounding, in reais: four decimals, and `…` where more follow."""
    scaled = cents * 100  # ten-thousandths of a real
    whole = scaled.numerator // scaled.denominator
    reais, rest = divmod(whole, 10_000)
    text = f"{reais:,}".replace(",", ".") + f",{rest:04d}"
    return text if scaled.denominator == 1 else f"{text}…"
