"""From what was measured to the tables."""

import os
import platform
import statistics
from collections.abc import Iterable
from dataclasses import dataclass

PERCENTILES = (50, 95, 99)


@dataclass(frozen=True)
class Live:
    """Milliseconds from the post of a webhook to its fragment in each dashboard."""

    dashboards: int
    floor: list[float]
    product: list[float]
    missing: int  # of both sides: had not come two seconds after the last post


@dataclass(frozen=True)
class Intake:
    """Webhooks accepted a second, one figure for each round."""

    floor: list[float]
    product: list[float]


@dataclass(frozen=True)
class Report:
    """One whole run."""

    rate: int
    connections: int
    web_processes: int
    seconds: float
    live: list[Live]
    intake: Intake

    def text(self) -> str:
        """The tables, as Markdown that also reads well in a terminal."""
        return "\n".join([self._machine(), "", *self._live(), "", *self._intake(), ""])

    def _machine(self) -> str:
        load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
        return (
            f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, "
            f"{self.web_processes} web process(es); load averages at the end: {load}. "
            f"Each load ran {self.seconds:g} s a round, floor and product in turn."
        )

    def _live(self) -> Iterable[str]:
        yield (
            f"**Live**: from the post of a webhook to its fragment in every dashboard, "
            f"{self.rate} messages a second; milliseconds, p50 / p95 / p99."
        )
        rows = [
            (
                f"{one.dashboards}",
                _three(one.floor),
                _three(one.product),
                _times(percentile(one.product, 95), percentile(one.floor, 95)),
                f"{one.missing}",
            )
            for one in self.live
        ]
        yield ""
        yield from _table(("dashboards", "floor", "product", "p95 ÷ floor", "missing"), rows)

    def _intake(self) -> Iterable[str]:
        yield f"**Intake**: webhooks accepted a second over {self.connections} connections."
        yield ""
        floor = statistics.median(self.intake.floor)
        product = statistics.median(self.intake.product)
        row = (f"{floor:.0f}", f"{product:.0f}", _times(product, floor))
        yield from _table(("floor", "product", "product ÷ floor"), [row])


def percentile(values: list[float], percent: int) -> float:
    """The value that so many per cent do not exceed; NaN of nothing."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def _three(values: list[float]) -> str:
    return " / ".join(f"{percentile(values, percent):.1f}" for percent in PERCENTILES)


def _times(one: float, other: float) -> str:
    return f"{one / other:.2f}" if other else "–"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterable[str]:
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    for row in (head, tuple("-" * width for width in widths), *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"| {' | '.join(cells)} |"
