"""Webhooks that come together are kept together.

Much of what a webhook costs is the way to the database: a transaction, its statements, its commit.
Two may be under way: so the database writes one while this process prepares the other. Whoever
comes while it is quiet goes at once, alone. In a crowd, as large as the last convoys showed it to
be, a convoy leaves once its share of the crowd has come, or a moment after its first: small ones
would cost as much and hold up the many behind them.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Call = TypeVar("Call")
Answer = TypeVar("Answer")

AT_ONCE = 2
LARGEST = 50
PATIENCE_SECONDS = 0.004  # how long anybody waits for a share of the crowd to come
FORGOTTEN = 0.7  # what a convoy leaves of the crowd that those before it saw


@dataclass(slots=True)
class _Place(Generic[Call, Answer]):
    """Somebody who waits: for an answer, or to be told to lead the next convoy."""

    call: Call
    since: float
    answer: Answer | None = None
    leads: bool = False
    called: threading.Event = field(default_factory=threading.Event)


class Convoy(Generic[Call, Answer]):
    """Hands calls of one kind to `carry`, which answers each, or None for who has to go alone.

    `carry` runs in the thread (or greenlet) of one of the callers; what it raises, only that one
    sees: to the others it is a None.
    """

    def __init__(
        self,
        carry: Callable[[list[Call]], list[Answer | None]],
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._carry, self._patience = carry, patience_seconds
        self._lock = threading.Lock()
        self._waiting: list[_Place[Call, Answer]] = []
        self._under_way = 0
        self._carried = 0
        self._crowd = 1.0  # how many are here at once: those who wait and those under way

    def go(self, call: Call) -> Answer | None:
        """Go with whoever goes next; the answer, or None for who was left behind."""
        place = _Place[Call, Answer](call, time.monotonic())
        with self._lock:
            self._waiting.append(place)
            self._leave()
        if not place.called.wait(self._patience):
            with self._lock:
                self._leave()
            place.called.wait()
        if place.leads:
            self._lead(place)
        return place.answer

    def _leave(self) -> None:
        """If a convoy may leave now, the first who waits leads it; the caller holds the lock."""
        if not self._waiting or self._under_way == AT_ONCE:
            return
        share = min(self._crowd / AT_ONCE, LARGEST)
        waited = time.monotonic() - self._waiting[0].since
        if len(self._waiting) >= share or waited >= self._patience:
            self._under_way += 1
            leader = self._waiting.pop(0)
            leader.leads = True
            leader.called.set()

    def _lead(self, leader: _Place[Call, Answer]) -> None:
        with self._lock:
            self._crowd = max(self._crowd * FORGOTTEN, self._carried + 1 + len(self._waiting))
            places = [leader, *self._waiting[: LARGEST - 1]]
            del self._waiting[: LARGEST - 1]
            self._carried += len(places)
        try:
            answers = self._carry([place.call for place in places])
            for place, answer in zip(places, answers, strict=True):
                place.answer = answer
        finally:
            with self._lock:
                self._under_way -= 1
                self._carried -= len(places)
                self._leave()
            for place in places:
                place.called.set()
