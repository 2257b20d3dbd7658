"""Part payments: what each one paid of interest, fine and principal, and what stays open (§4.5)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from app.debts.engine.calendar import NATIONAL, BankCalendar
from app.debts.engine.charges import AppliedTerms, Delay, delay, elapsed, simple_interest
from app.debts.engine.money import half_up, share

# CC art. 354 puts interest before principal; the place of the fine between them is policy.
ORDER = ("juros", "multa", "principal")


@dataclass(frozen=True, slots=True)
class Payment:
    """Money received, in cents."""

    day: date
    value: int


@dataclass(frozen=True, slots=True)
class Imputed:
    """One payment, parted. `delay` is since the event before it; all in cents."""

    payment: Payment
    delay: Delay
    base: int
    new_fine: int
    new_interest: int
    interest: int
    fine: int
    principal: int
    change: int


@dataclass(frozen=True, slots=True)
class Open:
    """What an instalment still owes on a day, in cents.

    Pending fine and interest earn nothing; `new_*` arose since the last event. `nominal` is the
    part of the original value that the principal stands for.
    """

    principal: int
    nominal: int
    pending_fine: int
    pending_interest: int
    new_fine: int
    new_interest: int
    delay: Delay
    imputed: tuple[Imputed, ...]

    @property
    def fine(self) -> int:
        """All fine that is owed."""
        return self.pending_fine + self.new_fine

    @property
    def interest(self) -> int:
        """All interest that is owed."""
        return self.pending_interest + self.new_interest

    @property
    def total(self) -> int:
        """Principal and charges."""
        return self.principal + self.fine + self.interest

    @property
    def change(self) -> int:
        """What was paid beyond the debt."""
        return sum(one.change for one in self.imputed)


class Growth(Protocol):
    """How an open value grows by correction between two days."""

    def __call__(self, value: int, nominal: int, since: date | None, until: date) -> int:
        """The value at `until` of one corrected at `since` (None: at the contract's base)."""


def unchanged(value: int, nominal: int, since: date | None, until: date) -> int:
    """No correction."""
    return value


@dataclass(slots=True)
class _Walk:
    due: date
    terms: AppliedTerms
    calendar: BankCalendar
    principal: int
    nominal: int
    grow: Growth
    pending: dict[str, int] = field(default_factory=lambda: {"juros": 0, "multa": 0})
    last: date | None = None
    fined: bool = False

    def step(self, day: date) -> tuple[Delay, int, int]:
        """Correct up to a day; the delay since the last event, new fine and new interest."""
        self.principal = self.grow(self.principal, self.nominal, self.last, day)
        late = self._delay(day)
        if not late.days:
            return late, 0, 0
        fine = 0 if self.fined else share(self.principal, self.terms.fine)
        self.fined = True
        return late, fine, self._interest(late)

    def _delay(self, day: date) -> Delay:
        late = delay(self.due, day, self.terms.counting, self.terms.start, self.calendar)
        if not late.days or self.last is None or late.start is None or self.last <= late.start:
            return late
        return elapsed(self.last, day, self.terms.counting)

    def _interest(self, late: Delay) -> int:
        if self.terms.daily is None:
            return simple_interest(self.principal, self.terms.interest, late.thirtieths)
        asked = share(100 * late.days, self.terms.daily)
        if self.terms.ceiling is None:
            return asked
        return min(asked, simple_interest(self.principal, self.terms.ceiling, late.thirtieths))

    def take(self, payment: Payment, order: Sequence[str]) -> Imputed:
        late, fine, interest = self.step(payment.day)
        base = self.principal
        self.pending["multa"] += fine
        self.pending["juros"] += interest
        left, paid = payment.value, {}
        for name in order:
            owed = self.principal if name == "principal" else self.pending[name]
            paid[name] = min(left, owed)
            left -= paid[name]
            if name == "principal":
                self._reduce(paid[name])
            else:
                self.pending[name] -= paid[name]
        self.last = payment.day
        return Imputed(
            payment, late, base, fine, interest,
            paid["juros"], paid["multa"], paid["principal"], left,
        )  # fmt: skip

    def _reduce(self, paid: int) -> None:
        if paid:
            rest = self.principal - paid
            self.nominal = half_up(self.nominal * rest, self.principal)
            self.principal = rest


def open_on(
    day: date,
    principal: int,
    due: date,
    payments: Sequence[Payment],
    terms: AppliedTerms,
    *,
    order: Sequence[str] = ORDER,
    calendar: BankCalendar = NATIONAL,
    grow: Growth = unchanged,
) -> Open:
    """Walk the payments up to `day` in the order of time; what is then owed.

    At each one the charges since the last event are added, the fine once; the money goes in
    `order`. Before the due date a payment only reduces principal. All amounts in cents.
    """
    walk = _Walk(due, terms, calendar, principal, principal, grow)
    ordered = sorted((p for p in payments if p.day <= day), key=lambda p: p.day)
    imputed = tuple(walk.take(payment, order) for payment in ordered)
    late, fine, interest = walk.step(day)
    return Open(
        walk.principal,
        walk.nominal,
        walk.pending["multa"],
        walk.pending["juros"],
        fine,
        interest,
        late,
        imputed,
    )
