"""A contract's statement on a day: every line, the sums, the bands, and what is regular in it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from app.debts.engine.calendar import NATIONAL, BankCalendar
from app.debts.engine.charges import CONSUMER, Ceilings, applied
from app.debts.engine.correction import MONTHLY_TERM
from app.debts.engine.faults import DebtFault
from app.debts.engine.money import half_up
from app.debts.engine.months import month_of
from app.debts.engine.settlement import Settlement, settle
from app.debts.engine.statement.contract import Category, Contract, Instalment
from app.debts.engine.statement.lines import Line, Status, line
from app.debts.engine.warnings import Warned
from app.words import N_

BREACH_DAYS = 10  # calendar days after an agreement's instalment could be paid (§6.8)
BANDS = ((1, 30), (31, 60), (61, 90), (91, 180), (181, 360), (361, None))


class State(StrEnum):
    """What can be done with a contract."""

    SETTLED = "QUITADO"
    NOTHING_OVERDUE = "SEM_DEBITO_VENCIDO"
    OVERDUE = "COM_DEBITO_VENCIDO"
    BLOCKED = "BLOQUEADO"


STATE_NAMES = {
    State.SETTLED: N_("Quitado"),
    State.NOTHING_OVERDUE: N_("Sem débito vencido"),
    State.OVERDUE: N_("Com débito vencido"),
    State.BLOCKED: N_("Bloqueado"),
}


@dataclass(frozen=True, slots=True)
class Sum:
    """How many, and how much in cents."""

    count: int
    amount: int


@dataclass(frozen=True, slots=True)
class Band:
    """Overdue lines of so many days (`until=None`: and more)."""

    since: int
    until: int | None
    sum: Sum


@dataclass(frozen=True, slots=True)
class Statement:
    """One contract on a day. Money in cents; `faults` are rows that could not be computed.

    `regular_monthly` is the median of the next three monthlies, or of the last three when none is
    to come; `current_monthly` only while there are some.
    """

    contract: Contract
    day: date
    state: State
    lines: tuple[Line, ...]
    faults: tuple[DebtFault, ...]
    bands: tuple[Band, ...]
    paid_share: Decimal | None
    months_remaining: int
    next_due: Line | None
    regular_monthly: int | None
    current_monthly: int | None
    future_monthlies: tuple[Line, ...]
    anchor: int
    earlier_agreements: int
    broken_agreements: int
    index: str
    last_index_month: int | None
    warnings: tuple[Warned, ...]

    def of(self, *statuses: Status) -> tuple[Line, ...]:
        """The lines of these statuses."""
        return tuple(one for one in self.lines if one.status in statuses)

    @property
    def overdue(self) -> tuple[Line, ...]:
        """What is late, bank money included."""
        return self.of(Status.OVERDUE)

    @property
    def residues(self) -> tuple[Line, ...]:
        """Open residues."""
        return tuple(one for one in self.lines if one.residue)

    @property
    def paid(self) -> Sum:
        """Instalments settled with money, and all money that came."""
        return Sum(len(self.of(Status.PAID)), sum(one.paid for one in self.lines))

    @property
    def open_total(self) -> int:
        """All that is owed, now or later, with charges."""
        return sum(one.total for one in self.lines if one.is_open)

    @property
    def oldest_delay(self) -> int:
        """Days since the oldest overdue instalment was due."""
        return max(((self.day - one.instalment.due).days for one in self.overdue), default=0)

    def sum(self, *statuses: Status) -> Sum:
        """Count and total with charges of the lines of these statuses."""
        return summed(self.of(*statuses))

    def settlement(self) -> Settlement:
        """What would settle everything that is not yet due, bank money left out (§4.8)."""
        later = [
            one
            for one in self.of(Status.SOON, Status.FUTURE)
            if one.instalment.category != Category.BANK
        ]
        rows = [(one.total, (one.instalment.due - self.day).days) for one in later]
        return settle(rows, self.contract.plan_rate, self.contract.plan_regime)


def summed(lines: Iterable[Line]) -> Sum:
    """Count and total."""
    totals = [one.total for one in lines]
    return Sum(len(totals), sum(totals))


def analyse(
    contract: Contract,
    instalments: Sequence[Instalment],
    day: date,
    *,
    calendar: BankCalendar = NATIONAL,
    ceilings: Ceilings = CONSUMER,
    faults: Sequence[DebtFault] = (),
) -> Statement:
    """The statement of a contract on a day: past, today or to come, assuming no payment until then.

    A row that cannot be computed becomes a fault; the rest still shows.
    """
    terms = applied(contract.late, ceilings)
    lines, failed = [], list(faults)
    for one in instalments:
        try:
            lines.append(line(contract, one, day, terms, calendar))
        except DebtFault as fault:
            failed.append(fault)
    monthlies = [one for one in lines if one.instalment.category == Category.MONTHLY]
    coming = tuple(one for one in monthlies if one.status in (Status.SOON, Status.FUTURE))
    earlier, broken = _agreements(lines, day, calendar)
    months = [month for one in lines if one.is_open for month in one.factor.months[-1:]]
    return Statement(
        contract,
        day,
        _state(contract, lines),
        tuple(lines),
        tuple(failed),
        _bands(lines, day),
        _paid_share(contract, lines),
        max((month_of(one.instalment.due) for one in coming), default=month_of(day))
        - month_of(day),
        min(
            (one for one in lines if one.status in (Status.SOON, Status.FUTURE)),
            key=lambda one: one.instalment.due,
            default=None,
        ),
        _median([one.principal for one in (coming[:3] or monthlies[-3:])]),
        _median([one.principal for one in coming[:3]]),
        coming,
        _anchor(monthlies or lines, day),
        earlier,
        broken + contract.broken_agreements,
        contract.index.name if contract.index else "",
        max(months, default=None),
        _warnings(contract, instalments, terms.warnings, lines),
    )


def _state(contract: Contract, lines: Sequence[Line]) -> State:
    if contract.blocks:
        return State.BLOCKED
    if any(one.status == Status.OVERDUE for one in lines):
        return State.OVERDUE
    return State.NOTHING_OVERDUE if any(one.is_open for one in lines) else State.SETTLED


def _bands(lines: Sequence[Line], day: date) -> tuple[Band, ...]:
    late = [one for one in lines if one.status == Status.OVERDUE]
    return tuple(
        Band(
            since,
            until,
            summed(
                one for one in late if since <= (day - one.instalment.due).days <= (until or 10**6)
            ),
        )
        for since, until in BANDS
    )


def _paid_share(contract: Contract, lines: Sequence[Line]) -> Decimal | None:
    if not contract.price:
        return None
    return (Decimal(sum(one.paid for one in lines)) / contract.price).quantize(Decimal("0.0001"))


def _median(values: Sequence[int]) -> int | None:
    if not values:
        return None
    ordered, middle = sorted(values), len(values) // 2
    if len(values) % 2:
        return ordered[middle]
    return half_up(ordered[middle - 1] + ordered[middle], 2)


def _anchor(lines: Sequence[Line], day: date) -> int:
    """The due day of most instalments; months that are too short do not hide a 31."""
    days = Counter(one.instalment.due.day for one in lines)
    return max(days, key=lambda one: (days[one], one), default=day.day)


def _agreements(lines: Sequence[Line], day: date, calendar: BankCalendar) -> tuple[int, int]:
    """Earlier agreements, and how many broke: all but the last, and the last when it is in breach.

    One more agreement over the same contract means that the one before it did not hold.
    """
    made = {
        receipt.day
        for one in lines
        for receipt in one.instalment.receipts
        if receipt.kind.casefold() == "reparcelamento"
    }
    if not made:
        return 0, 0
    breach = any(
        one.status == Status.OVERDUE
        and one.instalment.category == Category.AGREEMENT
        and day > calendar.payable_until(one.instalment.due) + timedelta(days=BREACH_DAYS)
        for one in lines
    )
    return len(made), len(made) - 1 + breach


def _warnings(
    contract: Contract,
    instalments: Sequence[Instalment],
    terms: Sequence[Warned],
    lines: Sequence[Line],
) -> tuple[Warned, ...]:
    own = [
        code
        for code, holds in (
            (Warned.SUSPECT_TERM, suspect_term(contract, instalments)),
            (Warned.FIDUCIARY, contract.fiduciary),
            (Warned.PRO_RATA, contract.pro_rata),
        )
        if holds
    ]
    of_lines = [code for one in lines if one.is_open for code in one.warnings]
    return tuple(dict.fromkeys([*terms, *own, *of_lines]))


def suspect_term(contract: Contract, instalments: Sequence[Instalment]) -> bool:
    """Whether only a tail worth under 1 % of the price reaches month 36 (Lei 10.931 art. 47)."""
    if not contract.signed or not contract.price or not instalments:
        return False
    start = month_of(contract.signed)
    ordered = sorted(instalments, key=lambda one: one.due, reverse=True)
    tail = 0
    for one in ordered:
        tail += one.original
        if tail * 100 >= contract.price:
            break
    whole, real = month_of(ordered[0].due) - start, month_of(one.due) - start
    return real < MONTHLY_TERM <= whole
