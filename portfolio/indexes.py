"""Invented index series, published up to the month before last, as real ones are."""

import math
from datetime import date
from decimal import Decimal

FIRST_YEAR = 2012
# Mean change a month and how far it swings, in per cent; IGP-M fell through 2023.
SHAPES = {"IPCA": (0.42, 0.28), "INCC-DI": (0.48, 0.30), "IGP-M": (0.40, 0.75), "CUB": (0.45, 0.35)}


def _change(name: str, month: int) -> Decimal:
    mean, swing = SHAPES[name]
    wave = math.sin(month * 1.7 + len(name)) * 0.6 + math.sin(month * 0.37) * 0.4
    if name == "IGP-M" and month >= 2023 * 12:
        mean = -0.10
    return Decimal(round((mean + swing * wave) * 100)) / 100


def series(today: date) -> dict[str, dict[str, Decimal]]:
    """Every index by month, `{"IPCA": {"2026-09": Decimal("0.42")}}`."""
    last = today.year * 12 + today.month - 1 - 1
    months = range(FIRST_YEAR * 12, last)
    return {
        name: {f"{m // 12}-{m % 12 + 1:02d}": _change(name, m) for m in months} for name in SHAPES
    }
