"""A book of open instalments as columns, rows sorted by contract and due date."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from app.debts.engine.correction import Index, Regime, factor_between
from app.debts.engine.faults import DebtFault
from app.debts.engine.money import MOST
from app.words import N_

Ints = NDArray[np.int64]
Small = NDArray[np.int8] | NDArray[np.int16] | NDArray[np.int32] | Ints  # narrow columns are faster
Flags = NDArray[np.bool_]
MILLION = 1_000_000
UNKNOWN = -1
# 2 · cents · ppm · days has to stay below 2**63; beyond, rows are counted in Python's integers.
SAFE = 9.0e18


def ppm(rate: Decimal) -> int:
    """A rate in parts per million. Raises DebtFault for one with more than six decimals."""
    scaled = rate * MILLION
    if scaled != int(scaled):
        raise DebtFault(N_("uma taxa da carteira tem no máximo seis casas"), value=rate)
    return int(scaled)


@dataclass(frozen=True)
class Columns:
    """Open instalments without receipts, by due date, and what is known of each contract.

    By row: `value` nominal cents, `due` days since 1970, `base` month (year × 12 + month − 1),
    `index` a place in the list of indexes (-1: none), `monthly` or another kind. By contract:
    `starts` (its first row), `fine` and `interest` in ppm, already under the ceilings, `yearly`
    correction, `broken` agreements, `income` in cents or -1.
    """

    starts: Ints
    value: Ints
    due: Small
    base: Small
    index: Small
    monthly: Flags
    fine: Ints
    interest: Ints
    yearly: Flags
    broken: Ints
    income: Ints
    ends: Ints = field(init=False)

    def __post_init__(self) -> None:
        rows = len(self.value)
        if not len(self.starts) or self.starts[0] != 0 or np.any(np.diff(self.starts) <= 0):
            raise DebtFault(N_("os contratos da carteira não estão em ordem"))
        object.__setattr__(self, "ends", np.append(self.starts[1:], rows))
        if self.starts[-1] >= rows:
            raise DebtFault(N_("os contratos da carteira não estão em ordem"))
        steps = np.diff(self.due) < 0
        steps[self.starts[1:] - 1] = False
        if steps.any():
            raise DebtFault(N_("as parcelas da carteira não estão em ordem de vencimento"))
        if rows and (self.value.min() < 0 or self.value.max() > MOST):
            raise DebtFault(N_("passa do limite de R$ 1.000.000.000,00"))

    @property
    def contracts(self) -> int:
        """How many."""
        return len(self.starts)


@dataclass(frozen=True)
class Factors:
    """Correction factors × 10^10 of every index, regime and base month of a book, on one month."""

    table: Ints  # [index + 1, yearly, base − first]; UNKNOWN where the index has a hole
    first: int
    holes: Mapping[tuple[int, int, int], DebtFault]

    def of(self, index: Small, yearly: Flags, base: Small) -> Ints:
        """The factor of each row. Raises DebtFault with the index and the month that is missing."""
        place, regime = index.astype(np.int64) + 1, yearly.astype(np.int64)
        month = base.astype(np.int64) - self.first
        found: Ints = self.table[place, regime, month]
        if len(found) and found.min() == UNKNOWN:
            row = int(np.argmin(found))
            raise self.holes[int(place[row]), int(regime[row]), int(month[row])]
        return found


def factors(columns: Columns, indexes: Sequence[Index], month: int, regime: Regime) -> Factors:
    """The factors of every base month that a book spans, for calculation in `month`."""
    first, last = int(columns.base.min()), int(columns.base.max())
    table = np.full((len(indexes) + 1, 2, last - first + 1), 10**10, np.int64)
    holes: dict[tuple[int, int, int], DebtFault] = {}
    for place, index in enumerate(indexes, 1):
        for yearly in (0, 1):
            own = Regime(regime.lag, bool(yearly), regime.floor)
            for base in range(first, last + 1):
                cell = place, yearly, base - first
                try:
                    table[cell] = factor_between(index, own, base, base, month).scaled
                except DebtFault as fault:
                    table[cell], holes[cell] = UNKNOWN, fault
    return Factors(table, first, holes)
