"""`make bench`: run the loads against the floor and the product in turn, and print the tables.

`WEB=2` for two web processes; `WRITE=1` also keeps the tables in docs/measurements.md; `QUICK=1`
only tries the machinery.
"""

import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from app.embedded import EmbeddedError
from bench.figures import Intake, Live, Report
from bench.stage import Stage

MEASUREMENTS = Path(__file__).resolve().parent.parent / "docs" / "measurements.md"
HEADING = """# Measurements

Made by `make bench WRITE=1`: the product as `make demo` runs it (PostgreSQL with fsync, Redis,
workers, the sandbox) beside its floor, a bare Flask and Flask-SocketIO server under the same
gunicorn settings that inserts one row with raw psycopg and, for the live figures, emits a fragment
as large as the product's to every dashboard. 200 people write; their conversations are with people,
half of them taken over by somebody.

"""
SIDES = ("floor", "product")
NUMBERS = 1_000_000  # of messages, more than one load can send


@dataclass(frozen=True)
class Plan:
    """How much is measured; the whole run stays under four minutes."""

    web_processes: int = 1
    dashboards: tuple[int, ...] = (1, 50, 200)
    rate: int = 50
    seconds: float = 4
    rounds: int = 2
    people: int = 200
    connections: int = 16
    intake_rounds: int = 3


QUICK = Plan(
    dashboards=(1, 3), rate=20, seconds=0.5, rounds=1, people=5, connections=4, intake_rounds=1
)


def measure(plan: Plan) -> Report:
    """Start everything, run every load, and end everything."""
    with Stage(plan.web_processes, max(plan.dashboards), plan.people) as stage:
        live = [_live(stage, plan, dashboards) for dashboards in plan.dashboards]
        intake = _intake(stage, plan)
    return Report(plan.rate, plan.connections, plan.web_processes, plan.seconds, live, intake)


def _live(stage: Stage, plan: Plan, dashboards: int) -> Live:
    took: dict[str, list[float]] = {side: [] for side in SIDES}
    missing = 0
    for side in SIDES * plan.rounds:
        strangers = [{"cookie": "none=1", "words": []}] * dashboards
        pages: list[dict[str, Any]] = stage.pages[:dashboards] if side == "product" else strangers
        load = {"rate": plan.rate, "seconds": plan.seconds, "dashboards": pages}
        result = stage.load("live", side, NUMBERS, **load)
        took[side] += result["milliseconds"]
        missing += result["missing"]
    return Live(dashboards, took["floor"], took["product"], missing)


def _intake(stage: Stage, plan: Plan) -> Intake:
    rates: dict[str, list[float]] = {side: [] for side in SIDES}
    for side in SIDES * plan.intake_rounds:
        load = {"connections": plan.connections, "seconds": plan.seconds}
        result = stage.load("intake", side, NUMBERS, **load)
        if result["refused"]:
            raise RuntimeError(f"{side} refused {result['refused']} webhooks")
        rates[side].append(result["per_second"])
    return Intake(rates["floor"], rates["product"])


def _plan() -> Plan:
    plan = QUICK if os.environ.get("QUICK") == "1" else Plan()
    return Plan(**{**vars(plan), "web_processes": int(os.environ.get("WEB") or 1)})


def _stop(*_: object) -> NoReturn:
    sys.exit(143)  # on the way out everything that was started is ended


def main() -> int:
    """Measure and print."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        text = measure(_plan()).text()
    except (EmbeddedError, TimeoutError) as fault:
        print(fault, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(text)
    if os.environ.get("WRITE") == "1":
        MEASUREMENTS.write_text(HEADING + text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
