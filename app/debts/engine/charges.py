"""Late charges on one instalment: fine and default interest, under their ceilings (§2, 4.4)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.debts.engine.calendar import NATIONAL, BankCalendar
from app.debts.engine.money import half_up, ratio, share
from app.debts.engine.months import months_and_days
from app.debts.engine.warnings import Warned

# CDC art. 52 §1: at most 2 % once. Decreto 22.626 art. 5: at most 1 % a month more.
FINE_CEILING = Decimal("0.02")
INTEREST_CEILING = Decimal("0.01")


class Counting(StrEnum):
    """How delay becomes months: days over 30, or whole months plus days over 30."""

    DAYS = "dias_corridos_30"
    MONTHS = "meses_mais_dias_30"


class Start(StrEnum):
    """From when delay counts once the shifted day has passed too."""

    ORIGINAL = "vencimento_original"
    SHIFTED = "dia_util_prorrogado"


class Source(StrEnum):
    """Where the rate of default interest comes from."""

    CONTRACT = "contrato"
    LEGAL = "taxa_legal"
    SELIC = "selic_unica"


@dataclass(frozen=True, slots=True)
class Ceilings:
    """The highest fine (of the instalment) and default interest (a month) for consumers."""

    fine: Decimal = FINE_CEILING
    interest: Decimal = INTEREST_CEILING


CONSUMER = Ceilings()


@dataclass(frozen=True, slots=True)
class LateTerms:
    """What a contract says of delay, as registered. Fractions; `daily` is in reais a day (mode D).

    `interest=None` with `daily=None` means that no rate was agreed.
    """

    fine: Decimal = FINE_CEILING
    interest: Decimal | None = INTEREST_CEILING
    daily: Decimal | None = None
    compound: bool = False
    consumer: bool = True
    counting: Counting = Counting.DAYS
    start: Start = Start.ORIGINAL


@dataclass(frozen=True, slots=True)
class AppliedTerms:
    """The terms that count: capped, simple. `ceiling` limits what a daily amount may reach."""

    fine: Decimal
    interest: Decimal
    daily: Decimal | None = None
    ceiling: Decimal | None = None
    counting: Counting = Counting.DAYS
    start: Start = Start.ORIGINAL
    source: Source = Source.CONTRACT
    warnings: tuple[Warned, ...] = ()


def applied(terms: LateTerms, ceilings: Ceilings = CONSUMER) -> AppliedTerms:
    """A contract's late terms under the law: higher rates are capped and flagged, lower are kept.

    Buyers that are no consumers keep their contract's rates (CDC does not apply).
    """
    fine = min(terms.fine, ceilings.fine) if terms.consumer else terms.fine
    agreed = terms.interest if terms.interest is not None else Decimal(0)
    interest = min(agreed, ceilings.interest) if terms.consumer else agreed
    no_rate = terms.interest is None and terms.daily is None
    warnings = [
        code
        for code, happened in (
            (Warned.FINE_CAPPED, fine < terms.fine),
            (Warned.INTEREST_CAPPED, interest < agreed),
            (Warned.COMPOUND, terms.compound),
            (Warned.LEGAL_REVIEW, no_rate),
        )
        if happened
    ]
    return AppliedTerms(
        fine,
        interest,
        terms.daily,
        ceilings.interest if terms.consumer else None,
        terms.counting,
        terms.start,
        Source.LEGAL if no_rate else Source.CONTRACT,
        tuple(warnings),
    )


@dataclass(frozen=True, slots=True)
class Delay:
    """How late: `days` are calendar days; `thirtieths` is what interest is counted on, in 1/30."""

    days: int
    thirtieths: int
    start: date | None = None
    end: date | None = None
    payable_until: date | None = None
    months: int = 0
    rest: int = 0


def days_late(days: int) -> Delay:
    """A delay of so many calendar days, wherever it began. Never negative."""
    days = max(0, days)
    return Delay(days, days, rest=days)


def delay(
    due: date,
    calculation: date,
    counting: Counting = Counting.DAYS,
    start: Start = Start.ORIGINAL,
    calendar: BankCalendar = NATIONAL,
) -> Delay:
    """How late an instalment is: not at all until its business day, then from `start` (§4.2)."""
    until = calendar.payable_until(due)
    first = until if start == Start.SHIFTED else due
    if calculation <= until:
        return Delay(0, 0, first, calculation, until)
    return replace(elapsed(first, calculation, counting), payable_until=until)


def elapsed(start: date, end: date, counting: Counting) -> Delay:
    """The time between two days as interest counts it; nothing when `end` comes first."""
    days = max(0, (end - start).days)
    if counting == Counting.DAYS:
        return Delay(days, days, start, end, rest=days)
    months, rest = months_and_days(start, end)
    return Delay(days, 30 * months + rest, start, end, months=months, rest=rest)


@dataclass(frozen=True, slots=True)
class Charge:
    """What delay costs on one instalment, in cents, and what it was computed from."""

    base: int
    fine: int
    interest: int
    delay: Delay
    terms: AppliedTerms
    interest_by_contract: int | None = None
    interest_ceiling: int | None = None

    @property
    def total(self) -> int:
        """Base, fine and interest."""
        return self.base + self.fine + self.interest


def simple_interest(base: int, monthly: Decimal, thirtieths: int) -> int:
    """`r(base × j × thirtieths / 30)`: multiplied first, divided last, rounded once (§4.4)."""
    above, below = ratio(monthly)
    return half_up(base * above * thirtieths, 30 * below)


def daily_interest(reais_a_day: Decimal, days: int) -> int:
    """`r(R$ a day × days)` in cents."""
    return share(100 * days, reais_a_day)


def charge(base: int, late: Delay, terms: AppliedTerms) -> Charge:
    """Fine and interest on a corrected open principal. No fine on interest nor interest on fine."""
    if late.days <= 0:
        return Charge(base, 0, 0, late, terms)
    fine = share(base, terms.fine)
    if terms.daily is None:
        return Charge(
            base, fine, simple_interest(base, terms.interest, late.thirtieths), late, terms
        )
    asked = daily_interest(terms.daily, late.days)
    if terms.ceiling is None:
        return Charge(base, fine, asked, late, terms, asked)
    most = simple_interest(base, terms.ceiling, late.thirtieths)
    return Charge(base, fine, min(asked, most), late, terms, asked, most)


def legal_interest(base: int, monthly_pct: Sequence[Decimal]) -> tuple[Decimal, int]:
    """Simple interest at published monthly rates in per cent: their sum, and the cents it makes.

    For whole months of the *taxa legal* (a negative one counts as zero) or of Selic alone.
    """
    total = sum((max(Decimal(0), one) for one in monthly_pct), Decimal(0))
    return total, share(base, total / 100)
