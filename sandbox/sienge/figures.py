"""What the ERP reckons on a day: corrected values, late charges as registered, what is left.

Deliberately its own arithmetic: it neither caps nor floors nor knows of business days, as the real
one does not, so that the product has differences to explain.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from portfolio.book import Book, Instalment, Sale
from portfolio.dates import month_of

LAG = 2
CENT = Decimal("0.01")
YEARLY_BELOW = 36  # months


@dataclass(frozen=True, slots=True)
class Figures:
    """One instalment on a day, in reais; index numbers are None where nothing corrects it."""

    adjusted: Decimal
    additional: Decimal
    balance: Decimal
    late_percent: Decimal
    index_base: Decimal | None
    index_now: Decimal | None


def reais(cents: int) -> Decimal:
    """Cents as reais."""
    return Decimal(cents).scaleb(-2)


def rounded(value: Decimal) -> Decimal:
    """To the cent."""
    return value.quantize(CENT, ROUND_HALF_UP)


def chain(changes: Mapping[str, Decimal]) -> dict[int, Decimal]:
    """Index numbers by month, 100 at the start, from changes in per cent."""
    found: dict[int, Decimal] = {}
    value = Decimal(100)
    for name, change in sorted(changes.items()):
        value *= 1 + change / 100
        found[int(name[:4]) * 12 + int(name[5:]) - 1] = value.quantize(Decimal("1e-11"))
    return found


def figures(book: Book, sale: Sale, one: Instalment, numbers: Mapping[int, Decimal]) -> Figures:
    """What the ERP says of an instalment on the book's day."""
    base, now = _index(book, sale, numbers)
    original = reais(one.original)
    adjusted = rounded(original * now / base) if base and now else original
    paid = sum((reais(r.value + r.discount) for r in one.receipts), Decimal(0))
    if one.settled:
        return Figures(adjusted, Decimal(0), Decimal(0), Decimal(0), base, now)
    left = max(Decimal(0), adjusted - paid)
    extra = _late(sale, left, (book.today - one.due).days)
    percent = rounded(extra / left * 100) if left else Decimal(0)
    return Figures(adjusted, extra, left + extra, percent, base, now)


def _index(
    book: Book, sale: Sale, numbers: Mapping[int, Decimal]
) -> tuple[Decimal | None, Decimal | None]:
    if not numbers:
        return None, None
    base = month_of(sale.signed)
    passed = max(0, month_of(book.today) - base)
    if sale.term < YEARLY_BELOW:
        passed = passed // 12 * 12
    start = base - LAG
    return numbers.get(start), numbers.get(min(start + passed, max(numbers)))


def _late(sale: Sale, left: Decimal, days: int) -> Decimal:
    if days <= 0:
        return Decimal(0)
    fine = rounded(left * sale.fine)
    if sale.daily is not None:
        return fine + rounded(sale.daily * days)
    rate = sale.interest or Decimal(0)
    if sale.compound:
        return fine + rounded(left * ((1 + rate) ** (Decimal(days) / 30) - 1))
    return fine + rounded(left * rate * days / 30)


def month_after(day: date, months: int) -> date:
    """The first of a month, so many months later."""
    month = month_of(day) + months
    return date(month // 12, month % 12 + 1, 1)
