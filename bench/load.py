"""The load, a process of its own: a plan as JSON on its input, what it measured on its output.

One process posts and listens, so that both moments are read from one clock.
"""

import json
import selectors
import sys
import threading
import time
from collections.abc import Iterator
from itertools import chain
from typing import Any

from bench import messages
from bench.wire import Caller, Dashboard

CALLERS = 12  # enough that a slow answer delays no other message
GRACE_SECONDS = 2.0  # for what is still on its way at the end

Plan = dict[str, Any]
Result = dict[str, Any]


def main() -> None:
    """Do what the plan says."""
    plan: Plan = json.load(sys.stdin)
    sys.setswitchinterval(0.0005)  # a listening thread must not wait 5 ms for its turn
    plan["address"] = (plan["host"], plan["port"])
    print(json.dumps({"live": live, "intake": intake}[plan["kind"]](plan)))


def intake(plan: Plan) -> Result:
    """Post without pause over some connections for some seconds; the accepted ones a second."""
    source = messages.stream(plan["instance"], plan["people"], plan["first"])
    lock, counts = threading.Lock(), {"accepted": 0, "refused": 0}
    callers = [Caller(plan["address"], plan["path"]) for _ in range(plan["connections"])]
    deadline = time.monotonic() + plan["seconds"]

    def work(caller: Caller) -> None:
        while time.monotonic() < deadline:
            with lock:
                _, body = next(source)
            good = caller.post(body) == 200
            with lock:
                counts["accepted" if good else "refused"] += 1

    began = time.monotonic()
    _all_at_once(work, callers)
    return {**counts, "per_second": counts["accepted"] / (time.monotonic() - began)}


def live(plan: Plan) -> Result:
    """Post at a steady rate while dashboards listen; milliseconds from post to each arrival."""
    dashboards = [
        Dashboard(plan["address"], one["cookie"], one["words"]) for one in plan["dashboards"]
    ]
    time.sleep(0.5)  # let the greetings pass
    source = messages.stream(plan["instance"], plan["people"], plan["first"])
    count = int(plan["rate"] * plan["seconds"])
    start = time.monotonic() + 0.2
    due = {mark: start + number / plan["rate"] for number, (mark, _) in _numbered(source, count)}
    stop = start + plan["seconds"] + GRACE_SECONDS
    poster = threading.Thread(target=post_steadily, args=(plan, list(due.items())))
    poster.start()
    took = list(arrivals(dashboards, due, stop))
    poster.join()
    for dashboard in dashboards:
        dashboard.close()
    return {"milliseconds": took, "missing": count * len(dashboards) - len(took)}


def _numbered(
    source: Iterator[tuple[str, bytes]], count: int
) -> Iterator[tuple[int, tuple[str, bytes]]]:
    return zip(range(count), source, strict=False)


def post_steadily(plan: Plan, due: list[tuple[str, float]]) -> None:
    """Each message at its moment, whether or not those before were answered."""
    source = messages.stream(plan["instance"], plan["people"], plan["first"])
    bodies = [body for _, (_, body) in _numbered(source, len(due))]

    def work(turn: int) -> None:
        caller = Caller(plan["address"], plan["path"])
        for number in range(turn, len(due), CALLERS):
            time.sleep(max(0.0, due[number][1] - time.monotonic()))
            if caller.post(bodies[number]) != 200:
                raise RuntimeError("a webhook was refused")

    _all_at_once(work, range(CALLERS))


def arrivals(
    dashboards: list[Dashboard], due: dict[str, float], stop: float, cuts: list[str] | None = None
) -> Iterator[float]:
    """The milliseconds from when each message was due to each dashboard that shows it.

    A socket that the server cuts is added to `cuts`; without such a list it ends the run.
    """
    left = len(dashboards) * len(due)
    with selectors.DefaultSelector() as selector:
        for dashboard in dashboards:
            selector.register(dashboard, selectors.EVENT_READ, dashboard)
        while left and time.monotonic() < stop:
            for key, _ in selector.select(0.1):
                try:
                    frames = list(key.data.frames())
                except ConnectionError:
                    if cuts is None:
                        raise
                    selector.unregister(key.data)
                    cuts.append("a socket was cut")
                    continue
                for mark in chain.from_iterable(map(messages.marks_in, frames)):
                    if mark in due and mark not in key.data.seen:
                        key.data.seen.add(mark)
                        left -= 1
                        yield (time.monotonic() - due[mark]) * 1000


def _all_at_once(work: Any, each: Any) -> None:
    threads = [threading.Thread(target=work, args=(one,)) for one in each]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
