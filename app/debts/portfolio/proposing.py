"""The three proposals of every contract at once: the engine's rules on arrays of contracts."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.debts.engine.faults import DebtFault
from app.debts.engine.money import half_up
from app.debts.engine.plans import Method
from app.debts.engine.policies import Mode, Policy
from app.debts.portfolio.balances import Balances
from app.debts.portfolio.columns import MILLION, UNKNOWN, Columns, Flags, Ints, ppm
from app.words import N_

NONE, NEGLIGIBLE, SMALL, NORMAL = range(4)  # ladders, in the order of `offer.Ladder`


@dataclass(frozen=True)
class Column:
    """One letter of every contract, in cents; where `there` is false the contract has none."""

    there: Flags
    entry: Ints
    count: Ints
    first: Ints
    last: Ints
    total: Ints
    above: Flags


@dataclass(frozen=True)
class Sets:
    """The ladder (`NONE` … `NORMAL`) and the three letters of every contract."""

    ladder: Ints
    a: Column
    b: Column
    c: Column


def rounded(above: Ints, below: Ints | int) -> Ints:
    """`r(above / below)` of what is not negative."""
    found: Ints = (2 * above + below) // (2 * below)
    return found


def _share(cents: Ints, fraction: Decimal) -> Ints:
    return rounded(cents * ppm(fraction), MILLION)


@dataclass(frozen=True)
class Debtors:
    """Those contracts of a book that owe enough to propose something, as arrays of their own."""

    principal: Ints
    fine: Ints
    interest: Ints
    total: Ints
    months_remaining: Ints
    future_monthlies: Ints
    current: Ints
    income: Ints
    broken: Ints
    rate: Ints

    @classmethod
    def of(cls, columns: Columns, found: Balances, places: Ints) -> "Debtors":
        """The arrays of these places."""
        return cls(
            found.principal[places],
            found.fine[places],
            found.interest[places],
            found.total[places],
            found.months_remaining[places],
            found.future_monthlies[places],
            found.current[places],
            columns.income[places],
            columns.broken[places],
            columns.interest[places],
        )


def _capacity(debtors: Debtors, part: Decimal, policy: Policy) -> Ints:
    """The most an instalment should be; a huge number where nothing is known."""
    endless = np.iinfo(np.int64).max
    known = debtors.current != UNKNOWN
    current = np.where(known, debtors.current, 0)
    by_current = np.where(known, _share(current, part), endless)
    left = np.maximum(0, _share(debtors.income, policy.comprometimento_renda) - current)
    by_income = np.where(debtors.income != UNKNOWN, left, endless)
    return np.minimum(by_current, by_income)


def _split(value: Ints, count: Ints) -> tuple[Ints, Ints]:
    """First and last part of an equal split."""
    part = np.where(count > 1, np.minimum(rounded(value, count), value), value)
    taken = np.minimum(rounded(value, count) * (count - 1), value)
    return part, value - taken


def check_policy(policy: Policy) -> None:
    """Raises DebtFault for what only the scalar engine can do: interest in B, spread plans."""
    if policy.B.juros or policy.C.modo != Mode.NEW_PLAN or policy.C.metodo == Method.EQUAL:
        raise DebtFault(N_("a carteira só simula B sem juros e C em novo plano"))


def propose(columns: Columns, found: Balances, policy: Policy) -> Sets:
    """The sets of every contract under a policy; equal to `offer.propose`, contract by contract.

    Raises DebtFault for a policy that `check_policy` refuses. Sets whose proposals a company's
    settings make alike are left as they come (`checking.recheck` finds them).
    """
    check_policy(policy)
    total = found.total
    ladder = np.where(total == 0, NONE, NEGLIGIBLE)
    places = np.flatnonzero(total >= policy.valor_irrisorio)
    places = places[total[places] > 0]
    debtors = Debtors.of(columns, found, places)
    base = debtors.total - _share(debtors.fine, policy.B.desc_multa)
    base = base - _share(debtors.interest, policy.B.desc_juros)
    long = Long.of(debtors, policy)
    short = _short(debtors, policy, base, long.fits)
    normal = (long.fits >= 4) & short.there
    ladder[places] = np.where(normal, NORMAL, SMALL)
    half, spread = _half(debtors, policy, base, ~normal), _spread(debtors, policy, ~normal)
    return Sets(
        ladder,
        _spaced(_cash(debtors, policy), places, len(total)),
        _spaced(_either(normal, short, half), places, len(total)),
        _spaced(_either(normal, long.column(policy, normal), spread), places, len(total)),
    )


def _spaced(column: Column, places: Ints, size: int) -> Column:
    """A column of debtors among all contracts."""

    def spread(values: Ints | Flags) -> NDArray[Any]:
        whole = np.zeros(size, values.dtype)
        whole[places] = values
        return whole

    return Column(**{name: spread(values) for name, values in vars(column).items()})


def _cash(debtors: Debtors, policy: Policy) -> Column:
    one = policy.A
    waived = _share(debtors.fine, one.desc_multa) + _share(debtors.interest, one.desc_juros)
    total: Ints = debtors.total - waived - _share(debtors.principal, one.desc_principal)
    zero, no = np.zeros_like(total), np.zeros(len(total), np.bool_)
    return Column(~no, total, zero, zero, zero, total, no)


def _short(debtors: Debtors, policy: Policy, base: Ints, long_fits: Ints) -> Column:
    one = policy.B
    asked = np.minimum(
        ppm(one.entrada_max), ppm(one.entrada) + debtors.broken * ppm(one.entrada_por_quebra)
    )
    entry = np.maximum(rounded(base * asked, MILLION), policy.parcela_minima)
    financed = np.maximum(0, base - entry)
    most = np.minimum(one.n_max, np.minimum(long_fits // 2, financed // policy.parcela_minima))
    limit = _capacity(debtors, one.comprometimento, policy)
    there = most >= 2
    count = np.where(there, np.minimum(one.n_alvo, most), 1)
    for _ in range(one.n_max):
        more = there & (count < most) & (rounded(financed, count) > limit)
        if not more.any():
            break
        count += more
    first, last = _split(financed, count)
    return Column(there, entry, count, first, last, base, there & (first > limit))


@dataclass(frozen=True)
class Long:
    """Proposal C of some debtors: what may be financed, for how long, and at which rate."""

    method: Method
    entry: Ints
    principal: Ints
    charges: Ints
    fits: Ints
    most: Ints
    limit: Ints
    rate: Ints

    @classmethod
    def of(cls, debtors: Debtors, policy: Policy) -> "Long":
        """Steps 1 to 5."""
        one = policy.C
        interest = debtors.interest - _share(debtors.interest, one.desc_juros)
        fine = debtors.fine - _share(debtors.fine, one.desc_multa)
        base = debtors.principal + fine + interest
        entry = np.maximum(_share(base, one.entrada), policy.parcela_minima)
        to_interest = np.minimum(entry, interest)
        to_fine = np.minimum(entry - to_interest, fine)
        rest = np.minimum(entry - to_interest - to_fine, debtors.principal)
        fits = np.maximum(0, base - entry) // policy.parcela_minima
        within = np.maximum(one.n_max_sem_prazo, debtors.months_remaining + one.prazo_extra)
        own = ppm(one.taxa_mes)  # G3: never dearer than the contract's own rate
        return cls(
            one.metodo,
            entry,
            debtors.principal - rest,
            interest - to_interest + fine - to_fine,
            fits,
            np.minimum(one.n_max, np.minimum(within, fits)),
            _capacity(debtors, one.comprometimento, policy),
            np.where(debtors.rate > 0, np.minimum(own, debtors.rate), own),
        )

    def taken(self, places: Ints) -> "Long":
        """Those at some places only."""
        arrays = {name: one[places] for name, one in vars(self).items() if name != "method"}
        return Long(self.method, **arrays)

    def first(self, count: Ints) -> Ints:
        """The first instalment of plans of so many."""
        interest = rounded(self.principal * self.rate, MILLION)
        if self.method == Method.SAC:
            part = np.minimum(rounded(self.principal, count), self.principal)
        else:
            if self.method == Method.GAUSS:
                interest = self._gauss_interest(count, 1)
            part = np.minimum(self._constant(count) - interest, self.principal)
        charges: Ints = np.minimum(rounded(self.charges, count), self.charges)
        return part + interest + charges

    def _constant(self, count: Ints) -> Ints:
        if self.method == Method.PRICE:
            return _price(self.principal, count, self.rate)
        above: Ints = 2 * self.principal * (MILLION + count * self.rate)
        return rounded(above, count * (2 * MILLION + self.rate * (count - 1)))

    def _gauss_interest(self, count: Ints, k: int) -> Ints:
        above = 2 * self.principal * self.rate * np.maximum(0, count - k + 1)
        return rounded(above, count * (2 * MILLION + self.rate * (count - 1)))

    def terms(self, target: int) -> Ints:
        """How many instalments each takes: the target, or as many more as its capacity asks."""
        count: Ints = np.minimum(target, self.most)
        places = np.flatnonzero(count < self.most)
        while len(places):
            some = self.taken(places)
            above = some.first(count[places]) > some.limit
            places = places[above]
            count[places] += 1
            places = places[count[places] < self.most[places]]
        return count

    def column(self, policy: Policy, wanted: Flags) -> Column:
        """Entry, term, first, last and total; zeros for those not wanted."""
        places = np.flatnonzero(wanted)
        some = self.taken(places)
        count = some.terms(policy.C.n_alvo)
        paid, first, last = some.table(count)
        charge_first, charge_last = _split(some.charges, count)
        first = first + charge_first
        made = Column(
            np.ones(len(places), np.bool_),
            some.entry,
            count,
            first,
            last + charge_last,
            some.entry + paid + some.charges,
            first > some.limit,
        )
        return _spaced(made, places, len(wanted))

    def table(self, count: Ints) -> tuple[Ints, Ints, Ints]:
        """Sum of payments, first and last one, line by line with each line's rounding."""
        order = np.argsort(-count, kind="stable")  # the longest first: the tail of lines is short
        some, length = self.taken(order), count[order]
        sac = self.method == Method.SAC
        part = rounded(some.principal, length) if sac else some._constant(length)
        left, interest = some.principal.copy(), np.zeros_like(length)
        first, last = np.zeros_like(length), np.zeros_like(length)
        for k in range(1, int(length.max(initial=0)) + 1):
            alive = int(np.searchsorted(-length, -k, side="right"))
            own = some._interest(left, length, k, alive)
            due = part[:alive] if sac else part[:alive] - own
            due = np.where(length[:alive] == k, left[:alive], np.minimum(due, left[:alive]))
            left[:alive] -= due
            interest[:alive] += own
            if k == 1:
                first[:] = due + own
            ending = length[:alive] == k
            last[:alive][ending] = (due + own)[ending]
        back = np.empty_like(order)
        back[order] = np.arange(len(order))
        paid = some.principal + interest
        return paid[back], first[back], last[back]

    def _interest(self, left: Ints, length: Ints, k: int, alive: int) -> Ints:
        if self.method == Method.GAUSS:
            above = 2 * self.principal[:alive] * self.rate[:alive] * (length[:alive] - k + 1)
            below = length[:alive] * (2 * MILLION + self.rate[:alive] * (length[:alive] - 1))
            return rounded(above, below)
        return rounded(left[:alive] * self.rate[:alive], MILLION)


def _price(principal: Ints, count: Ints, rates: Ints) -> Ints:
    """Price's payment needs powers: exact in Python's integers, one ratio for each term."""
    ratios: dict[tuple[int, int], tuple[int, int]] = {}
    payments = []
    for value, n, rate in zip(principal.tolist(), count.tolist(), rates.tolist(), strict=True):
        if (n, rate) not in ratios:
            grown = (MILLION + rate) ** n
            ratios[n, rate] = (rate * grown, MILLION * (grown - MILLION**n)) if rate else (1, n)
        above, below = ratios[n, rate]
        payments.append(half_up(value * above, below))
    return np.array(payments, np.int64)


def _half(debtors: Debtors, policy: Policy, base: Ints, small: Flags) -> Column:
    """Half now, half in thirty days."""
    there = small & (base >= 2 * policy.parcela_minima_reduzida)
    entry = (base + 1) // 2
    rest = base - entry
    limit = _capacity(debtors, policy.B.comprometimento, policy)
    return Column(there, entry, np.ones_like(base), rest, rest, base, there & (rest > limit))


def _spread(debtors: Debtors, policy: Policy, small: Flags) -> Column:
    """Over the next monthlies, or in one payment."""
    total = debtors.total
    many = np.minimum(np.minimum(3, debtors.future_monthlies), total // policy.adicional_minimo)
    count = np.where(debtors.future_monthlies > 0, np.maximum(1, many), 1)
    first, last = _split(total, count)
    limit = _capacity(debtors, policy.C.comprometimento, policy)
    return Column(small, np.zeros_like(total), count, first, last, total, small & (first > limit))


def _either(normal: Flags, one: Column, other: Column) -> Column:
    """The normal ladder's column where it holds, else the small one's."""
    return Column(
        np.where(normal, one.there, other.there),
        *(
            np.where(normal, getattr(one, name), getattr(other, name))
            for name in ("entry", "count", "first", "last", "total", "above")
        ),
    )
