"""The least that could answer the same: plain integers for one debt, bare numpy for a book.

No dates, names, explanations or checks of what came; the figures are those of the product.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.debts.portfolio.columns import Columns

Ints = NDArray[np.int64]


def one_set(lines: Sequence[tuple[int, int]], months: int, current: int) -> list[int]:
    """Totals of A, B and C of (cents, days) under the default policy, normal ladder only."""
    principal = sum(cents for cents, _ in lines)
    fine = sum((2 * cents + 50) // 100 for cents, _ in lines)
    interest = sum((2 * cents * days + 3000) // 6000 for cents, days in lines)
    total = principal + fine + interest
    cash = total - (8 * fine + 5) // 10 - (8 * interest + 5) // 10
    short = total - (fine + 1) // 2 - (interest + 1) // 2
    entry = max((2 * short + 5) // 10, 10_000)
    entry_c = max((total + 10) // 20, 10_000)
    fits = (total - entry_c) // 10_000
    n = min(6, 12, fits // 2, (short - entry) // 10_000)
    while n < min(12, fits // 2) and (2 * (short - entry) + n) // (2 * n) > current:
        n += 1
    parts = [(2 * (short - entry) + n) // (2 * n)] * (n - 1)
    parts.append(short - entry - sum(parts))
    left = principal - max(0, entry_c - interest - fine)
    charges = max(0, interest + fine - entry_c)
    n = min(36, 60, max(24, months + 12), fits)
    part, paid = (2 * left + n) // (2 * n), entry_c + charges
    for k in range(1, n + 1):
        own = (2 * left + 100) // 200
        part = left if k == n else min(part, left)
        left -= part
        paid += part + own
    return [cash, entry + sum(parts), paid]


def whole_book(columns: Columns, table: Ints, days: Ints) -> list[Ints]:
    """P, M, J and the totals of A, B and C of every contract, in the fewest array operations.

    `table` is the correction × 10^10 by index, regime and base month; `days` the delay by due
    date; both from the first that the book has. No capacity of payers, no small ladder, no terms.
    """
    late = days[columns.due - columns.due.min()]
    rows = np.flatnonzero(late)
    begin = np.searchsorted(rows, columns.starts)
    end = np.searchsorted(rows, columns.ends)
    owner = np.repeat(np.arange(columns.contracts), end - begin)
    base = columns.base[rows].astype(np.int64) - int(columns.base.min())
    factor = table[columns.index[rows].astype(np.int64) + 1, columns.yearly[owner] * 1, base]
    nominal = columns.value[rows]
    value = nominal * (factor // 100_000) + nominal * (factor % 100_000) // 100_000
    value = np.maximum((value + 50_000) // 100_000, nominal)
    fines = (value * columns.fine[owner] + 500_000) // 1_000_000
    interests = (2 * value * columns.interest[owner] * late[rows] + 30_000_000) // 60_000_000
    sums = [np.append(0, np.cumsum(one)) for one in (value, fines, interests)]
    principal, fine, interest = (one[end] - one[begin] for one in sums)
    total = principal + fine + interest
    cash = total - (8 * fine + 5) // 10 - (8 * interest + 5) // 10
    short = total - (fine + 1) // 2 - (interest + 1) // 2
    entry = np.maximum((total + 10) // 20, 10_000)
    left = principal - np.maximum(0, entry - interest - fine)
    charges = np.maximum(0, interest + fine - entry)
    owing = np.flatnonzero(total > 0)
    debt, rate = left[owing], np.minimum(columns.interest[owing], 10_000)
    count = np.maximum(1, np.minimum(36, np.maximum(0, total - entry)[owing] // 10_000))
    part, paid = (2 * debt + count) // (2 * count), entry + charges
    for k in range(1, 37):
        own = np.where(k <= count, (2 * debt * rate + 1_000_000) // 2_000_000, 0)
        now_paid = np.where(k >= count, debt, np.minimum(part, debt))
        debt = debt - now_paid
        paid[owing] += now_paid + own
    return [principal, fine, interest, cash, short, paid]
