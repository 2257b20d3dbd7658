"""The proposals themselves: terms in, amounts and dates out; whoever decided the terms (§6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.debts.engine.calendar import (
    NATIONAL,
    BankCalendar,
    first_due_date,
    monthly_due_dates,
    valid_until,
)
from app.debts.engine.debt import Debt
from app.debts.engine.money import share
from app.debts.engine.months import anchored, month_of
from app.debts.engine.plans import (
    Method,
    PlanLine,
    equal_split,
    first_payment,
    grace_interest,
    plan,
)
from app.debts.engine.policies import Mode, Policy

SINGLE_DAYS = 30


@dataclass(frozen=True, slots=True)
class Frame:
    """When an offer is made: its day, the day of month of its instalments, the bank calendar."""

    issued: date
    anchor: int
    calendar: BankCalendar = NATIONAL


@dataclass(frozen=True, slots=True)
class Terms:
    """What one proposal grants. Discounts are fractions; `entry` is cents, `count` excludes it.

    `grace` months shift the first due date; their simple interest is spread only where
    `grace_interest` says so. `capacity` is the most an instalment should be, when known.
    """

    letter: str
    mode: Mode
    fine_discount: Decimal
    interest_discount: Decimal
    principal_discount: Decimal = Decimal(0)
    entry: int = 0
    count: int = 0
    method: Method = Method.EQUAL
    rate: Decimal = Decimal(0)
    grace: int = 0
    grace_interest: bool = False
    capacity: int | None = None
    most: int | None = None
    small: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One instalment, in cents: what it pays of principal, charges and interest; what is left."""

    k: int
    payment: int
    principal: int
    charges: int
    interest: int
    grace_interest: int
    balance: int
    due: date | None = None
    payable_until: date | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposal, in cents. `base` is what is paid before plan interest: entry plus financed."""

    terms: Terms
    fine_discount: int
    interest_discount: int
    principal_discount: int
    base: int
    entry: int
    entry_to_interest: int
    entry_to_fine: int
    entry_to_principal: int
    financed_principal: int
    financed_charges: int
    plan_interest: int
    lines: tuple[Line, ...]
    total: int
    valid_until: date | None = None

    @property
    def letter(self) -> str:
        """A, B or C."""
        return self.terms.letter

    @property
    def discount(self) -> int:
        """All that is waived."""
        return self.fine_discount + self.interest_discount + self.principal_discount

    @property
    def first(self) -> int | None:
        """The first instalment after the entry."""
        return self.lines[0].payment if self.lines else None

    @property
    def last(self) -> int | None:
        """The last instalment."""
        return self.lines[-1].payment if self.lines else None

    @property
    def highest(self) -> int:
        """The highest instalment after the entry; 0 in cash."""
        return max([line.payment for line in self.lines], default=0)

    @property
    def financed(self) -> int:
        """What is paid later."""
        return self.financed_principal + self.financed_charges

    @property
    def above_capacity(self) -> bool:
        """Whether the first instalment is more than the payer is known to bear."""
        limit = self.terms.capacity
        return limit is not None and bool(self.lines) and self.lines[0].payment > limit


@dataclass(frozen=True, slots=True)
class Base:
    """What is left of a debt after discounts, each rounded by itself; in cents."""

    principal: int
    fine: int
    interest: int

    @property
    def total(self) -> int:
        """The base of entry and plan."""
        return self.principal + self.fine + self.interest


def base_of(debt: Debt, fine: Decimal, interest: Decimal, principal: Decimal = Decimal(0)) -> Base:
    """A debt less these fractions of fine, interest and principal."""
    return Base(
        debt.principal - share(debt.principal, principal),
        debt.fine - share(debt.fine, fine),
        debt.interest - share(debt.interest, interest),
    )


@dataclass(frozen=True, slots=True)
class Imputation:
    """Where an entry went, in the law's order, and what stays to finance (CC art. 354)."""

    interest: int
    fine: int
    principal: int
    financed_principal: int
    financed_charges: int


def impute(base: Base, entry: int) -> Imputation:
    """Interest, then fine, then principal."""
    interest = min(entry, base.interest)
    fine = min(entry - interest, base.fine)
    principal = min(entry - interest - fine, base.principal)
    charges = base.interest - interest + base.fine - fine
    return Imputation(interest, fine, principal, base.principal - principal, charges)


def first_of(terms: Terms, financed: Imputation, count: int) -> int:
    """The first instalment a plan of `count` would have, without making it."""
    whole = financed.financed_principal + financed.financed_charges
    if terms.method == Method.EQUAL:
        return first_payment(Method.EQUAL, whole, Decimal(0), count)
    return first_payment(
        terms.method, financed.financed_principal, terms.rate, count
    ) + first_payment(Method.EQUAL, financed.financed_charges, Decimal(0), count)


def compose(debt: Debt, terms: Terms, policy: Policy, frame: Frame | None = None) -> Proposal:
    """A proposal from its terms. Without a frame it has amounts only, no dates.

    Raises DebtFault for a plan that cannot be (0 or over 120 lines, Price that never ends).
    """
    base = base_of(debt, terms.fine_discount, terms.interest_discount, terms.principal_discount)
    entry = base.total if terms.mode == Mode.CASH else min(terms.entry, base.total)
    parted = impute(base, entry)
    until = _validity(policy, frame)
    lines = () if terms.mode == Mode.CASH else _lines(debt, terms, parted, frame, until)
    return Proposal(
        terms,
        debt.fine - base.fine,
        debt.interest - base.interest,
        debt.principal - base.principal,
        base.total,
        entry,
        parted.interest,
        parted.fine,
        parted.principal,
        parted.financed_principal,
        parted.financed_charges,
        sum(line.interest + line.grace_interest for line in lines),
        lines,
        entry + sum(line.payment for line in lines),
        until,
    )


def _validity(policy: Policy, frame: Frame | None) -> date | None:
    if frame is None:
        return None
    return valid_until(frame.issued, frame.calendar, policy.validade_dias_uteis)


def _lines(
    debt: Debt, terms: Terms, parted: Imputation, frame: Frame | None, until: date | None
) -> tuple[Line, ...]:
    table, charges = _table(terms, parted)
    extra = [0] * terms.count
    if terms.grace and terms.grace_interest and terms.rate:
        waited = grace_interest(parted.financed_principal, terms.rate, terms.grace)
        extra = equal_split(waited, terms.count)
    days = _due_dates(debt, terms, frame, until)
    left, lines = parted.financed_principal + parted.financed_charges, []
    for step, more, wait, due in zip(table, charges, extra, days, strict=True):
        left -= step.amortisation + more
        lines.append(
            Line(
                step.k,
                step.payment + more + wait,
                step.amortisation,
                more,
                step.interest,
                wait,
                left,
                due,
                frame.calendar.payable_until(due) if frame and due else None,
            )
        )
    return tuple(lines)


def _table(terms: Terms, parted: Imputation) -> tuple[Sequence[PlanLine], list[int]]:
    """Principal with its interest, and beside it the charges, which never earn any.

    Of an equal split the instalments are equal as wholes; the charges in them follow what is paid.
    """
    if terms.method != Method.EQUAL:
        table = plan(terms.method, parted.financed_principal, terms.rate, terms.count)
        return table.lines, equal_split(parted.financed_charges, terms.count)
    whole = parted.financed_principal + parted.financed_charges
    lines, charges, paid, given = [], [], 0, 0
    for k, part in enumerate(equal_split(whole, terms.count), 1):
        paid += part
        now = parted.financed_charges * paid // whole if whole else 0
        charges.append(now - given)
        amortised = part - charges[-1]
        given = now
        lines.append(PlanLine(k, amortised, 0, amortised, whole - paid))
    return lines, charges


def _due_dates(
    debt: Debt, terms: Terms, frame: Frame | None, until: date | None
) -> Sequence[date | None]:
    if frame is None or until is None:
        return [None] * terms.count
    if terms.mode == Mode.SPREAD and len(debt.future_due) >= terms.count:
        return debt.future_due[: terms.count]
    if terms.small and terms.mode != Mode.SPREAD:
        start = until if terms.entry else frame.issued
        return [start + timedelta(days=SINGLE_DAYS)] * terms.count
    first = first_due_date(until, frame.anchor)
    if terms.grace:
        first = anchored(month_of(first) + terms.grace, frame.anchor)
    return monthly_due_dates(first, frame.anchor, terms.count)
