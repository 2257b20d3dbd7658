"""Webhooks that come together are kept together.

Much of what a webhook costs is the way to the database: a transaction, its statements, its commit.
Whoever comes while none is under way goes at once, alone; who comes meanwhile waits for the next
one, and all who wait go in it together. It leaves when the one before is back, or beside it once
enough wait: so the database writes one while this process prepares the other, and neither is small.
A burst costs little more than one of them, and nobody waits for a clock.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Call = TypeVar("Call")
Answer = TypeVar("Answer")

AT_ONCE = 2
ENOUGH = 4  # who wait, for a convoy to leave beside another
LARGEST = 50


@dataclass(slots=True)
class _Place(Generic[Call, Answer]):
    """Somebody who waits: for an answer, or to be told to lead the next convoy."""

    call: Call
    answer: Answer | None = None
    leads: bool = False
    called: threading.Event = field(default_factory=threading.Event)


class Convoy(Generic[Call, Answer]):
    """Hands calls of one kind to `carry`, which answers each, or None for who has to go alone.

    `carry` runs in the thread (or greenlet) of one of the callers; what it raises, only that one
    sees: to the others it is a None.
    """

    def __init__(self, carry: Callable[[list[Call]], list[Answer | None]]) -> None:
        self._carry = carry
        self._lock = threading.Lock()
        self._waiting: list[_Place[Call, Answer]] = []
        self._under_way = 0

    def go(self, call: Call) -> Answer | None:
        """Go with whoever goes next; the answer, or None for who was left behind."""
        place = _Place[Call, Answer](call)
        with self._lock:
            self._waiting.append(place)
            self._leave()
        place.called.wait()
        if place.leads:
            self._lead(place)
        return place.answer

    def _leave(self) -> None:
        """If a convoy may leave now, the first who waits leads it; the caller holds the lock."""
        if self._under_way == AT_ONCE:
            return
        if len(self._waiting) >= (ENOUGH if self._under_way else 1):
            self._under_way += 1
            leader = self._waiting.pop(0)
            leader.leads = True
            leader.called.set()

    def _lead(self, leader: _Place[Call, Answer]) -> None:
        with self._lock:
            places = [leader, *self._waiting[: LARGEST - 1]]
            del self._waiting[: LARGEST - 1]
        try:
            answers = self._carry([place.call for place in places])
            for place, answer in zip(places, answers, strict=True):
                place.answer = answer
        finally:
            with self._lock:
                self._under_way -= 1
                self._leave()
            for place in places:
                place.called.set()
