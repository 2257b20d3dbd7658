"""How a web process waits for its database: on gevent's own loop.

psycopg finds gevent there and asks its `poll`, which makes an event, a timer and a watcher for each
answer; a short statement then costs half as much again as with the one watcher that is needed.
"""

from typing import TypeVar

from gevent import get_hub
from gevent.monkey import is_module_patched
from psycopg import waiting
from psycopg.abc import PQGen

Answer = TypeVar("Answer")

READABLE = 1  # for gevent's loop


def install() -> None:
    """Have psycopg wait this way, where gevent runs the process."""
    if is_module_patched("select"):
        waiting.wait = wait


def wait(
    gen: PQGen[Answer], fileno: int, interval: float = 0.0, timeout: float | None = None
) -> Answer:
    """What `psycopg.waiting.wait_poll` does.

    Anything but waiting for an answer without a limit (a large statement that the socket does not
    take at once, a time-out) is left to that one.
    """
    if timeout is not None:
        return waiting.wait_poll(gen, fileno, interval, timeout)
    try:
        wanted = next(gen)
        hub = get_hub()
        while wanted == waiting.WAIT_R:
            watcher = hub.loop.io(fileno, READABLE)
            try:
                hub.wait(watcher)
            finally:
                watcher.close()
            wanted = gen.send(waiting.READY_R)
    except StopIteration as end:
        answer: Answer = end.value
        return answer
    return waiting.wait_poll(_from(gen, wanted), fileno, interval)


def _from(gen: PQGen[Answer], wanted: waiting.Wait) -> PQGen[Answer]:
    """The rest of a generator that has already said what it waits for."""
    while True:
        try:
            wanted = gen.send((yield wanted))
        except StopIteration as end:
            answer: Answer = end.value
            return answer
