"""The three proposals of every contract at once: the engine's rules on arrays of contracts."""

from dataclasses import dataclass

import numpy as np

from app.debts.engine.faults import DebtFault
from app.debts.engine.plans import Method
from app.debts.engine.policies import Mode, Policy
from app.debts.portfolio.balances import Balances
from app.debts.portfolio.columns import MILLION, Columns, Flags, Ints, ppm
from app.debts.portfolio.debtors import Column, Debtors, capacity, rounded, share, spaced, split
from app.debts.portfolio.long_plans import Long
from app.words import N_

NONE, NEGLIGIBLE, SMALL, NORMAL = range(4)  # ladders, in the order of `offer.Ladder`


@dataclass(frozen=True)
class Sets:
    """The ladder (`NONE` … `NORMAL`) and the three letters of every contract."""

    ladder: Ints
    a: Column
    b: Column
    c: Column


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
    base = debtors.total - share(debtors.fine, policy.B.desc_multa)
    base = base - share(debtors.interest, policy.B.desc_juros)
    long = Long.of(debtors, policy)
    short = _short(debtors, policy, base, long.fits)
    normal = (long.fits >= 4) & short.there
    ladder[places] = np.where(normal, NORMAL, SMALL)
    half, spread = _half(debtors, policy, base, ~normal), _spread(debtors, policy, ~normal)
    return Sets(
        ladder,
        spaced(_cash(debtors, policy), places, len(total)),
        spaced(_either(normal, short, half), places, len(total)),
        spaced(_either(normal, long.column(policy, normal), spread), places, len(total)),
    )


def _cash(debtors: Debtors, policy: Policy) -> Column:
    one = policy.A
    waived = share(debtors.fine, one.desc_multa) + share(debtors.interest, one.desc_juros)
    total: Ints = debtors.total - waived - share(debtors.principal, one.desc_principal)
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
    limit = capacity(debtors, one.comprometimento, policy)
    there = most >= 2
    count = np.where(there, np.minimum(one.n_alvo, most), 1)
    for _ in range(one.n_max):
        more = there & (count < most) & (rounded(financed, count) > limit)
        if not more.any():
            break
        count += more
    first, last = split(financed, count)
    return Column(there, entry, count, first, last, base, there & (first > limit))


def _half(debtors: Debtors, policy: Policy, base: Ints, small: Flags) -> Column:
    """Half now, half in thirty days."""
    there = small & (base >= 2 * policy.parcela_minima_reduzida)
    entry = (base + 1) // 2
    rest = base - entry
    limit = capacity(debtors, policy.B.comprometimento, policy)
    return Column(there, entry, np.ones_like(base), rest, rest, base, there & (rest > limit))


def _spread(debtors: Debtors, policy: Policy, small: Flags) -> Column:
    """Over the next monthlies, or in one payment."""
    total = debtors.total
    many = np.minimum(np.minimum(3, debtors.future_monthlies), total // policy.adicional_minimo)
    count = np.where(debtors.future_monthlies > 0, np.maximum(1, many), 1)
    first, last = split(total, count)
    limit = capacity(debtors, policy.C.comprometimento, policy)
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
