"""Invented books of any size, as columns: mostly paid up, some late, a few very late."""

from datetime import date
from decimal import Decimal

import numpy as np

from app.debts.engine.correction import IndexSeries
from app.debts.engine.months import month_of
from app.debts.portfolio.columns import Columns

FIRST = 2014 * 12
INDEXES = [
    IndexSeries(name, {FIRST + n: Decimal((n * step) % 140 - 30) / 100 for n in range(200)})
    for name, step in (("IPCA", 37), ("INCC-DI", 53), ("IGP-M", 91))
]


def book(contracts: int, rows: int, day: date, seed: int = 1, most: int = 400_000) -> Columns:
    """`contracts` of `rows` monthlies each, up to `most` cents; one in five is late on `day`."""
    chance = np.random.default_rng(seed)
    late = np.where(chance.random(contracts) < 0.2, chance.geometric(0.25, contracts), 0).clip(
        0, rows
    )
    now = month_of(day)
    # The month of each contract's first open instalment, and its day.
    first = now - late + 1
    days = chance.integers(1, 29, contracts)
    months = (first[:, None] + np.arange(rows)).ravel()
    ordinal = (months - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    return Columns(
        starts=np.arange(contracts, dtype=np.int64) * rows,
        value=np.repeat(chance.integers(1, most, contracts), rows),
        due=(ordinal + np.repeat(days, rows) - 1).astype(np.int32),
        base=np.repeat(first - chance.integers(0, 60, contracts), rows).astype(np.int32),
        index=np.repeat(chance.integers(-1, len(INDEXES), contracts), rows).astype(np.int8),
        monthly=np.tile(np.arange(rows) % 12 != 11, contracts),
        fine=np.where(chance.random(contracts) < 0.9, 20_000, 10_000),
        interest=np.where(chance.random(contracts) < 0.9, 10_000, 5_000),
        yearly=chance.random(contracts) < 0.3,
        broken=chance.integers(0, 3, contracts),
        income=np.where(chance.random(contracts) < 0.5, chance.integers(0, 10**6, contracts), -1),
    )
