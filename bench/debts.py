"""The arithmetic of debts: one set of three, and a whole portfolio, each beside its floor."""

import resource
import time
from collections.abc import Callable, Iterator
from datetime import date

import numpy as np

from app.debts.engine.calendar import NATIONAL
from app.debts.engine.charges import AppliedTerms, Start
from app.debts.engine.correction import Regime
from app.debts.engine.debt import Debt, debt_of, overdue_line
from app.debts.engine.months import month_of
from app.debts.engine.offer import propose
from app.debts.engine.policies import GUICHE
from app.debts.engine.proposals import Frame
from app.debts.portfolio.balances import balances, late_days
from app.debts.portfolio.checking import recheck
from app.debts.portfolio.columns import Columns, factors
from app.debts.portfolio.sets import propose as propose_all
from bench.books import INDEXES, book
from bench.debts_floor import one_set, whole_book

DAY = date(2026, 11, 27)
LINES = ((152_035, 96), (151_520, 66), (151_000, 35))
SAMPLE = 2_000  # contracts that the scalar engine computes again


def _debt() -> Debt:
    terms = AppliedTerms(GUICHE.multa, GUICHE.mora_mes)
    lines = [overdue_line(cents, days, terms) for cents, days in LINES]
    return debt_of(lines, months_remaining=28, current_instalment=151_000)


def _best(times: int, work: Callable[[], object]) -> float:
    """Milliseconds of the best of some rounds: what the machine's other load disturbs least."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append((time.perf_counter() - began) * 1000)
    return min(found)


def _portfolio(columns: Columns) -> tuple[object, object]:
    known = factors(columns, INDEXES, month_of(DAY), Regime())
    found = balances(columns, known, DAY)
    return found, propose_all(columns, found, GUICHE)


def measure_scalar(times: int) -> tuple[float, float]:
    """Milliseconds of a set of three with dates: floor, product."""
    frame = Frame(DAY, 10)

    def product() -> object:
        return propose(_debt(), GUICHE, frame)

    return _best(times, lambda: one_set(LINES, 28, 151_000)), _best(times, product)


def measure_portfolio(contracts: int, rows: int, times: int) -> tuple[float, float, int]:
    """Milliseconds of floor and product, and on how many of a sample the engine differs."""
    columns = book(contracts, rows, DAY)
    known = factors(columns, INDEXES, month_of(DAY), Regime())
    span = np.arange(int(columns.due.min()), int(columns.due.max()) + 1)
    days = late_days(span, DAY, Start.ORIGINAL, NATIONAL)
    # In turn, so that both meet the same load of the machine.
    rounds = [
        (
            _best(1, lambda: whole_book(columns, known.table, days)),
            _best(1, lambda: _portfolio(columns)),
        )
        for _ in range(times)
    ]
    floor, product = (min(side) for side in zip(*rounds, strict=True))
    found = balances(columns, known, DAY)
    bare = whole_book(columns, known.table, days)
    for ours, theirs in zip((found.principal, found.fine, found.interest), bare, strict=False):
        if not np.array_equal(ours, theirs):
            raise RuntimeError("the floor computes something else")
    sets = propose_all(columns, found, GUICHE)
    places = range(0, contracts, max(1, contracts // SAMPLE))
    differ = recheck(columns, found, sets, GUICHE, DAY, INDEXES, Regime(), places)
    return floor, product, len({one.contract for one in differ})


def table(contracts: int, rows: int, times: int) -> Iterator[str]:
    """The figures, in milliseconds."""
    scalar = measure_scalar(20 * times)
    floor, product, differ = measure_portfolio(contracts, rows, times)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    yield "| what, in ms | floor | product | product ÷ floor |"
    yield "| --- | --- | --- | --- |"
    yield f"| three proposals | {scalar[0]:.3f} | {scalar[1]:.3f} | {scalar[1] / scalar[0]:.1f} |"
    size = f"{contracts:,} × {rows}"
    yield f"| portfolio of {size} | {floor:.0f} | {product:.0f} | {product / floor:.2f} |"
    yield ""
    yield (
        f"Best of {times}. The portfolio's peak memory, book included: {peak} MB. "
        f"Contracts of a sample that the scalar engine computes differently: {differ}."
    )
