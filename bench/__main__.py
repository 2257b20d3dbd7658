"""`make bench`: run the loads against the floor and the product in turn, and print the tables.

`PART=pages,staff` runs these parts only, of pages, staff, live, intake, debts and handouts, or of
transfers, which takes a quarter of an hour and is measured when it is named; `WEB=2` two web
processes; `WRITE=1` also keeps the tables in docs/measurements.md, each as soon as it is there;
`QUICK=1` only tries the machinery. A part that fails is named at the end, the others are measured.
On a quiet machine all of it takes some ten minutes.
"""

import contextlib
import os
import re
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from bench import debts as debts_figures
from bench import figures
from bench.desks import measure_pages
from bench.figures import Intake, Live, StaffDay
from bench.handouts import measure as measure_handouts
from bench.progress import say
from bench.stage import Stage
from bench.transfers import measure_transfers

MEASUREMENTS = Path(__file__).resolve().parent.parent / "docs" / "measurements.md"
SIDES = ("floor", "product")
NUMBERS = 1_000_000  # of messages, more than one load can send


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    web_processes: int = 1
    dashboards: tuple[int, ...] = (1, 50, 200)
    rate: int = 50
    seconds: float = 4
    rounds: int = 2
    people: int = 200
    connections: int = 16
    intake_rounds: int = 3
    desks: tuple[int, ...] = (10_000, 1_000_000)  # messages, a tenth of them conversations
    page_times: int = 60
    staff: int = 50
    staff_rate: int = 5
    staff_seconds: float = 120
    thinking: tuple[float, float] = (1, 4)  # seconds between two acts of one person
    history: int = 1_000_000
    portfolio: tuple[int, int, int] = (100_000, 50, 5)  # contracts, instalments each, rounds
    transfers: int = 100_000


QUICK = Plan(
    dashboards=(1, 3),
    rate=20,
    seconds=0.5,
    rounds=1,
    people=6,
    connections=4,
    intake_rounds=1,
    desks=(200, 400),
    page_times=2,
    staff=3,
    staff_seconds=3,
    thinking=(0, 0.2),
    history=400,
    portfolio=(300, 20, 1),
    transfers=50,
)


_to_the_end = contextlib.ExitStack()


def _stage(
    plan: Plan, dashboards: int, people: int, history: int = 0
) -> contextlib.AbstractContextManager[Stage]:
    """A new stage for each part; where only the machinery is tried, one serves them all."""
    if os.environ.get("QUICK") == "1":
        return contextlib.nullcontext(_one_for_all(plan))
    return Stage(plan.web_processes, dashboards, people, history)


@cache
def _one_for_all(plan: Plan) -> Stage:
    most = max(*plan.dashboards, plan.staff)
    stage = Stage(plan.web_processes, most, max(plan.people, most), plan.history)
    return _to_the_end.enter_context(stage)


def pages(plan: Plan) -> Iterator[str]:
    """What each page costs as the desk grows."""
    yield from figures.pages_table(measure_pages(plan.desks, plan.page_times))


def transfers(plan: Plan) -> Iterator[str]:
    """Contacts in and out by spreadsheets."""
    yield from figures.transfers_table(measure_transfers(plan.transfers))


def staff(plan: Plan) -> Iterator[str]:
    """People at work on a desk with a history."""
    with _stage(plan, plan.staff, max(plan.people, plan.staff), plan.history) as stage:
        load = {"rate": plan.staff_rate, "seconds": plan.staff_seconds, "thinking": plan.thinking}
        met = stage.load("staff", "product", NUMBERS, dashboards=stage.pages, **load)
        met["cpu"] /= plan.staff_seconds
    day = StaffDay(sessions=plan.staff, **met)
    yield from figures.staff_table(day, plan.staff_rate, plan.staff_seconds)


def live(plan: Plan) -> Iterator[str]:
    """From webhook to dashboard, beside the floor."""
    with _stage(plan, max(plan.dashboards), plan.people) as stage:
        found = [_live(stage, plan, dashboards) for dashboards in plan.dashboards]
    yield from figures.live_table(found, plan.rate)


def intake(plan: Plan) -> Iterator[str]:
    """Webhooks a second, beside the floor."""
    with _stage(plan, 1, plan.people) as stage:
        rates = _intake(stage, plan)
    yield from figures.intake_table(rates, plan.connections)


def debts(plan: Plan) -> Iterator[str]:
    """One set of three proposals, and a whole portfolio, each beside its floor."""
    yield from debts_figures.table(*plan.portfolio)


def handouts(plan: Plan) -> Iterator[str]:
    """Hand-outs a second through the API, beside the raw statements."""
    with _stage(plan, 1, 1) as stage:
        found = measure_handouts(stage, plan.connections, plan.seconds, plan.intake_rounds)
    yield from figures.handouts_table(found, plan.connections)


Part = Callable[[Plan], Iterator[str]]
PARTS: dict[str, tuple[str, Part]] = {
    "pages": ("Pages", pages),
    "transfers": ("Spreadsheets of contacts", transfers),
    "staff": ("People at work", staff),
    "live": ("Live", live),
    "intake": ("Intake", intake),
    "debts": ("Debts", debts),
    "handouts": ("Hand-outs", handouts),
}


def _live(stage: Stage, plan: Plan, dashboards: int) -> Live:
    took: dict[str, list[float]] = {side: [] for side in SIDES}
    cpu = dict.fromkeys(SIDES, 0.0)
    missing = 0
    for side in SIDES * plan.rounds:
        strangers = [{"cookie": "none=1", "words": []}] * dashboards
        shown: list[dict[str, Any]] = stage.pages[:dashboards] if side == "product" else strangers
        load = {"rate": plan.rate, "seconds": plan.seconds, "dashboards": shown}
        result = stage.load("live", side, NUMBERS, **load)
        took[side] += result["milliseconds"]
        cpu[side] += result["cpu"] * 1000 / (plan.rounds * plan.rate * plan.seconds)
        missing += result["missing"]
    return Live(dashboards, took["floor"], took["product"], cpu["floor"], cpu["product"], missing)


def _intake(stage: Stage, plan: Plan) -> Intake:
    rates: dict[str, list[float]] = {side: [] for side in SIDES}
    cpu: dict[str, list[float]] = {side: [] for side in SIDES}
    for side in SIDES:  # the first seconds of a server are not its pace
        stage.load("intake", side, NUMBERS, connections=plan.connections, seconds=plan.seconds / 4)
    for side in SIDES * plan.intake_rounds:
        load = {"connections": plan.connections, "seconds": plan.seconds}
        result = stage.load("intake", side, NUMBERS, **load)
        if result["refused"]:
            raise RuntimeError(f"{side} refused {result['refused']} webhooks")
        rates[side].append(result["per_second"])
        cpu[side].append(result["cpu"] * 1000 / max(1, result["accepted"]))
    return Intake(rates["floor"], rates["product"], cpu["floor"], cpu["product"])


def _plan() -> Plan:
    plan = QUICK if os.environ.get("QUICK") == "1" else Plan()
    return Plan(**{**vars(plan), "web_processes": int(os.environ.get("WEB") or 1)})


def _wanted() -> list[str]:
    usual = ",".join(name for name in PARTS if name != "transfers")
    names = (os.environ.get("PART") or usual).split(",")
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        raise SystemExit(f"PART: {', '.join(unknown)}? One or more of {', '.join(PARTS)}.")
    return names


def _keep(title: str, text: str) -> None:
    """Put a part's tables in place of those of the last time."""
    kept = MEASUREMENTS.read_text()
    section = f"## {title}\n\n{text}\n"
    pattern = re.compile(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", re.M | re.S)
    if pattern.search(kept):
        kept = pattern.sub(lambda _: section + "\n", kept)
    else:
        kept = f"{kept.rstrip()}\n\n{section}"
    MEASUREMENTS.write_text(kept.rstrip() + "\n")


def _stop(*_: object) -> NoReturn:
    sys.exit(143)  # on the way out everything that was started is ended


def main() -> int:
    """Measure and print."""
    signal.signal(signal.SIGTERM, _stop)
    plan, failed = _plan(), []
    for name in _wanted():
        title, part = PARTS[name]
        try:
            text = "\n".join([*part(plan), "", figures.machine(plan.web_processes)])
        except KeyboardInterrupt:
            return 130
        except Exception:  # noqa: BLE001 - said at once and at the end
            traceback.print_exc()
            failed.append(name)
            continue
        print(f"## {title}\n\n{text}\n", flush=True)
        if os.environ.get("WRITE") == "1":
            _keep(title, text)
    say(f"failed: {', '.join(failed)}" if failed else "done")
    return 1 if failed else 0


if __name__ == "__main__":
    with _to_the_end:
        status = main()
    sys.exit(status)
