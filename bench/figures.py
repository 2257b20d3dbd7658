"""From what was measured to the tables."""

import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.handouts import HandOuts

PERCENTILES = (50, 95, 99)


@dataclass(frozen=True)
class Live:
    """Milliseconds from the post of a webhook to its fragment in each dashboard."""

    dashboards: int
    floor: list[float]
    product: list[float]
    floor_cpu: float  # milliseconds of the processor for one webhook and all its arrivals
    product_cpu: float
    missing: int  # of both sides: had not come two seconds after the last post


@dataclass(frozen=True)
class Intake:
    """Webhooks accepted a second, and milliseconds of the processor for one: a figure a round."""

    floor: list[float]
    product: list[float]
    floor_cpu: list[float]
    product_cpu: list[float]


@dataclass(frozen=True)
class PageCost:
    """What one page costs at one size of the desk: milliseconds of the server, and of its processor
    alone; statements; how many rows, messages or hits it shows.
    """

    name: str
    milliseconds: list[float]
    cpu: list[float]
    queries: int
    rows: float


@dataclass(frozen=True)
class StaffDay:
    """What many people at work at once met: milliseconds, and what went wrong."""

    sessions: int
    page: list[float]
    post: list[float]
    push: list[float]
    missing: int  # pushes that had not come two seconds after the end
    conflicts: int  # refused because a colleague or the customer was faster, as it must be
    errors: list[str]
    cpu: float  # of one processor, the part that the web processes used


def machine(web_processes: int) -> str:
    """On what it was measured; with the load of others, which says how far to trust it."""
    load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, "
        f"{web_processes} web process(es); load averages at the end: {load}."
    )


def live_table(live: list[Live], rate: int) -> Iterable[str]:
    """From webhook to dashboard."""
    yield (
        f"From the post of a webhook to its fragment in every dashboard, {rate} messages a second; "
        "milliseconds, p50 / p95 / p99."
    )
    rows = [
        (
            f"{one.dashboards}",
            three(one.floor),
            three(one.product),
            _times(percentile(one.product, 95), percentile(one.floor, 95)),
            f"{one.floor_cpu:.2f} / {one.product_cpu:.2f}",
            _times(one.product_cpu, one.floor_cpu),
            f"{one.missing}",
        )
        for one in live
    ]
    yield ""
    head = ("dashboards", "floor", "product", "p95 ÷ floor", "CPU, ms", "CPU ÷ floor", "missing")
    yield from _table(head, rows)
    yield ""
    yield (
        "CPU: milliseconds of the web process for one webhook and its arrivals, floor / product. "
        "Aim: with 50 dashboards p95 at most 3 × the floor's and under 100 ms."
    )


def intake_table(intake: Intake, connections: int) -> Iterable[str]:
    """Webhooks a second."""
    yield f"Webhooks accepted a second over {connections} connections."
    yield ""
    floor, product = statistics.median(intake.floor), statistics.median(intake.product)
    costs = statistics.median(intake.floor_cpu), statistics.median(intake.product_cpu)
    rows = [
        ("webhooks a second", f"{floor:.0f}", f"{product:.0f}", _times(product, floor)),
        ("CPU of a webhook, ms", f"{costs[0]:.2f}", f"{costs[1]:.2f}", _times(costs[1], costs[0])),
    ]
    yield from _table(("", "floor", "product", "product ÷ floor"), rows)
    yield ""
    yield "Aim: at least 0.35 of the floor's webhooks."


@dataclass(frozen=True)
class Transfer:
    """What one transfer of contacts took."""

    name: str
    contacts: int
    seconds: float
    cpu: float
    grew_mb: float


def pages_table(sizes: dict[str, list[PageCost]]) -> Iterable[str]:
    """Each page at each size; growth compares the medians of the last with the first."""
    (small, few), *_, (large, many) = sizes.items()
    yield (
        "Milliseconds of the server for one page, p50 / p95, and its statements, with "
        f"{small} and with {large}. The first row is the floor: a page that reads only who asks. "
        "CPU: milliseconds of the web process alone, and how often the floor's (many)."
    )
    yield ""
    floor = statistics.median(many[0].cpu)
    rows = [
        (
            one.name,
            f"{one.rows:.0f} / {other.rows:.0f}",
            _two(one.milliseconds),
            _two(other.milliseconds),
            _times(statistics.median(other.milliseconds), statistics.median(one.milliseconds)),
            f"{statistics.median(one.cpu):.1f} / {statistics.median(other.cpu):.1f}",
            _times(statistics.median(other.cpu), floor),
            f"{max(one.queries, other.queries)}",
        )
        for one, other in zip(few, many, strict=True)
    ]
    head = ("page", "rows", small, large, "growth", "CPU, ms", "CPU ÷ floor", "statements")
    yield from _table(head, rows)
    yield ""
    yield "Aims: p95 under 100 ms, growth at most 1.3, at most 6 statements."


def transfers_table(found: list[Transfer]) -> Iterable[str]:
    """What spreadsheets of contacts cost a worker."""
    yield "Seconds of a worker, its CPU, and by how much its memory grew at most."
    yield ""
    rows = [
        (
            one.name,
            f"{one.contacts}",
            f"{one.seconds:.0f}",
            f"{one.contacts / one.seconds:.0f}",
            f"{one.cpu:.0f}",
            f"{max(0, one.grew_mb):.0f}",
        )
        for one in found
    ]
    yield from _table(("what", "contacts", "wall", "a second", "CPU", "memory, MB"), rows)


def staff_table(day: StaffDay, rate: int, seconds: float) -> Iterable[str]:
    """What people at work waited for."""
    yield (
        f"{day.sessions} people at work for {seconds:g} s (list, thread, take, reply, note, close, "
        f"each with a live socket) while customers write {rate} messages a second; milliseconds, "
        "p50 / p95 / p99."
    )
    yield ""
    rows = [
        (name, f"{len(took)}", three(took))
        for name, took in (("page", day.page), ("post", day.post), ("push", day.push))
    ]
    yield from _table(("what", "count", "p50 / p95 / p99"), rows)
    yield ""
    faults = "; ".join(sorted(set(day.errors))[:5])
    yield (
        f"Errors: {len(day.errors)}{f' ({faults})' if faults else ''}. Pushes missing: "
        f"{day.missing}. Acts refused because somebody was faster: {day.conflicts}. The web "
        f"processes used {day.cpu:.2f} of one processor."
    )


def percentile(values: list[float], percent: int) -> float:
    """The value that so many per cent do not exceed; NaN of nothing."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def three(values: list[float]) -> str:
    return " / ".join(f"{percentile(values, percent):.1f}" for percent in PERCENTILES)


def _two(values: list[float]) -> str:
    return f"{percentile(values, 50):.1f} / {percentile(values, 95):.1f}"


def _times(one: float, other: float) -> str:
    return f"{one / other:.2f}" if other else "–"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Iterable[str]:
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    for row in (head, tuple("-" * width for width in widths), *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"| {' | '.join(cells)} |"


def handouts_table(found: "HandOuts", connections: int) -> Iterable[str]:
    """Hand-outs through the API, beside the raw statements."""
    raw, product = statistics.median(found.raw), statistics.median(found.product)
    yield (
        f"Hand-outs a second over {connections} connections, ten consultants; medians of "
        f"{len(found.raw)} round(s). Raw: the same three statements by psycopg, with their commit."
    )
    yield ""
    rows = [
        ("raw", f"{raw:.0f}"),
        ("GET /consultor/da-vez", f"{product:.0f}"),
        ("product ÷ raw", f"{product / raw if raw else 0:.2f}"),
        ("one consultant free", f"{found.alone:.0f}"),
        ("past number 100,000", f"{found.far:.0f}"),
    ]
    yield from _table(("what", "a second"), rows)
    yield ""
    yield (
        f"First call on an empty database: {found.first_ms:.0f} ms. Errors: {found.errors}. "
        f"Gaps in the numbers: {found.gaps}. Most minus least of a consultant: {found.spread}."
    )
