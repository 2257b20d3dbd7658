"""A book under two policies: the arrays, the sample that the scalar engine computes again. Pure."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from app.debts.engine.correction import IndexSeries, Regime
from app.debts.engine.months import month_of
from app.debts.engine.policies import Policy
from app.debts.portfolio.balances import Balances, balances
from app.debts.portfolio.checking import Mismatch, recheck
from app.debts.portfolio.columns import Factors, Ints, factors
from app.debts.portfolio.files.parts import Book, Refused, without_holes
from app.debts.portfolio.sets import Sets, propose

SAMPLE = 200
LARGEST = 20  # of the sample: where an error would cost most


@dataclass(frozen=True)
class Outcome:
    """Everything that a run computed; `differing` are contracts of the sample, by policy."""

    book: Book
    balances: Balances
    sets: tuple[Sets, ...]
    sample: int
    differing: tuple[tuple[Mismatch, ...], ...]
    refused: tuple[Refused, ...]
    seconds: float  # of computing all of it, the sample left out


def compute(
    book: Book, policies: Sequence[Policy], day: date, indexes: Sequence[IndexSeries]
) -> Outcome:
    """Balances once, sets for each policy, and the sample. Raises DebtFault for a policy that only
    the scalar engine can follow."""
    regime = Regime()
    known: Factors = factors(book.columns, indexes, month_of(day), regime)
    book, refused = without_holes(book, known)
    if refused:
        known = factors(book.columns, indexes, month_of(day), regime)
    began = time.perf_counter()
    found = balances(book.columns, known, day)
    sets = tuple(propose(book.columns, found, policy) for policy in policies)
    seconds = time.perf_counter() - began
    places = sample(found)
    differing = tuple(
        tuple(recheck(book.columns, found, one, policy, day, indexes, regime, places))
        for one, policy in zip(sets, policies, strict=True)
    )
    return Outcome(book, found, sets, len(places), differing, tuple(refused), seconds)


def sample(found: Balances, size: int = SAMPLE) -> list[int]:
    """Places of contracts: the largest debts, then those that owe and those that do not, evenly."""
    total = found.total
    owing = np.flatnonzero(total)
    rest = np.flatnonzero(total == 0)
    largest = owing[np.argsort(-total[owing], kind="stable")[:LARGEST]]
    parts = [largest, _even(owing, size - LARGEST - size // 10), _even(rest, size // 10)]
    return sorted({int(one) for part in parts for one in part})


def _even(places: Ints, most: int) -> Ints:
    if len(places) <= most:
        return places
    return places[np.linspace(0, len(places) - 1, most).astype(np.int64)]
