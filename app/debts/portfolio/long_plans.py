"""Proposal C of many debtors: terms that grow with what they can pay, line by line."""

from dataclasses import dataclass

import numpy as np

from app.debts.engine.money import half_up
from app.debts.engine.plans import Method
from app.debts.engine.policies import Policy
from app.debts.portfolio.columns import MILLION, Flags, Ints, ppm
from app.debts.portfolio.debtors import Column, Debtors, capacity, rounded, share, spaced, split


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
        interest = debtors.interest - share(debtors.interest, one.desc_juros)
        fine = debtors.fine - share(debtors.fine, one.desc_multa)
        base = debtors.principal + fine + interest
        entry = np.maximum(share(base, one.entrada), policy.parcela_minima)
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
            capacity(debtors, one.comprometimento, policy),
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
            return price(self.principal, count, self.rate)
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
        charge_first, charge_last = split(some.charges, count)
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
        return spaced(made, places, len(wanted))

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


def price(principal: Ints, count: Ints, rates: Ints) -> Ints:
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
