"""Delivery of webhooks to the product: in the background, in order within a lane, with retries.

A webhook is a row before it is a request, so a restart of the sandbox resumes what was pending.
Where no answer came at all (refused, broken, timed out) it is tried again for about half a minute;
any HTTP answer is final and listed.
"""

import json
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import gevent
import requests
from gevent.event import Event
from gevent.pool import Group
from requests.adapters import HTTPAdapter

from sandbox.faults import Faults
from sandbox.settings import Settings
from sandbox.store import Row, Store, iso, now_ms

BACKOFF = (0.1, 0.2, 0.4, 0.8, 1.6, 2.0)
TIMEOUT = (3.05, 10)


class Webhook(NamedTuple):
    """One event to announce.

    `lane` keeps order; `settles` is the id of the customer's message whose status tells whether it
    was accepted; `effect` is a status that the company's message `message_id` has reached.
    """

    vendor: str
    account: str
    lane: str
    url: str
    type: str
    payload: dict[str, Any]
    headers: dict[str, str]
    phone: str | None = None
    message_id: str | None = None
    copies: int = 1
    due_at: int = 0
    settles: str | None = None
    effect: str | None = None
    held: bool = False


class Outcome(NamedTuple):
    """What came of one attempt: `accepted`, `rejected` (an HTTP answer) or `unreachable`."""

    result: str
    status: int | None
    error: str | None


class Lane:
    """What waits to be delivered for one telephone, in order."""

    def __init__(self) -> None:
        self.waiting: list[int] = []
        self.arrived = Event()


class Courier:
    """Schedules webhooks and carries them."""

    def __init__(self, store: Store, faults: Faults, settings: Settings) -> None:
        self._store = store
        self._faults = faults
        self._settings = settings
        self._lanes: dict[str, Lane] = {}
        self._greenlets = Group()
        self._session = requests.Session()
        self._session.trust_env = False
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(pool_maxsize=64))
        self.on_effect: Callable[[str, str, str | None], None] = store.raise_status

    def send(self, webhooks: Sequence[Webhook]) -> None:
        """Write the webhooks down and deliver each when it is due, in this order when equal."""
        released = []
        for webhook in webhooks:
            values = webhook._asdict()
            state = "held" if values.pop("held") else "pending"
            key = self._store.insert("webhooks", **values, state=state)
            if state == "pending":
                released.append((webhook.due_at, key))
        self._schedule(released)

    def release(self, account: str) -> None:
        """Let go of what was held for an account."""
        held = self._store.rows(
            "select id from webhooks where state = 'held' and account = ? order by id", account
        )
        self._store.run(
            "update webhooks set state = 'pending' where state = 'held' and account = ?", account
        )
        self._schedule([(0, row["id"]) for row in held])

    def resume(self) -> None:
        """Take up what an earlier process left pending."""
        left = self._store.rows("select id, due_at from webhooks where state = 'pending'")
        self._schedule([(row["due_at"], row["id"]) for row in left])

    def pending(self) -> int:
        """How many webhooks are neither settled nor held."""
        found = self._store.row("select count(*) as n from webhooks where state = 'pending'")
        return int(found["n"]) if found else 0

    def forget(self) -> None:
        """Stop everything under way."""
        self._greenlets.kill(timeout=1)
        self._lanes.clear()

    def _schedule(self, due: list[tuple[int, int]]) -> None:
        if due:
            self._greenlets.spawn(self._wait_and_queue, sorted(due))

    def _wait_and_queue(self, due: list[tuple[int, int]]) -> None:
        for due_at, key in due:
            remaining = due_at - now_ms()
            if remaining > 0:
                gevent.sleep(remaining / 1000)
            self._queue(key)

    def _queue(self, key: int) -> None:
        row = self._store.row("select * from webhooks where id = ?", key)
        if row is None:
            return
        if row["effect"]:
            error = json.loads(row["payload"]).get("error")
            self.on_effect(row["message_id"], row["effect"], error)
        name = f"{row['vendor']}:{row['lane']}"
        lane = self._lanes.get(name)
        if lane is None:
            lane = self._lanes[name] = Lane()
            self._greenlets.spawn(self._work, name, lane)
        lane.waiting.append(key)
        lane.arrived.set()

    def _work(self, name: str, lane: Lane) -> None:
        while lane.waiting:
            first = lane.waiting.pop(0)
            copies, swap = self._faults.take_for_webhook(name.partition(":")[0])
            if swap and self._follower(lane):
                self._deliver(lane.waiting.pop(0), 0)
            self._deliver(first, copies)
        del self._lanes[name]

    def _follower(self, lane: Lane) -> bool:
        lane.arrived.clear()
        return bool(lane.waiting) or bool(
            lane.arrived.wait(self._settings.reorder_wait_ms / 1000) and lane.waiting
        )

    def _deliver(self, key: int, extra_copies: int) -> None:
        row = self._store.row("select * from webhooks where id = ?", key)
        if row is None:
            return
        give_up_at = time.monotonic() + self._settings.retry_for_ms / 1000
        attempt = 1
        while True:
            outcome = self._try(row, attempt, row["copies"] + extra_copies)
            if outcome.result != "unreachable" or time.monotonic() >= give_up_at:
                self._settle(row, outcome)
                return
            gevent.sleep(BACKOFF[min(attempt, len(BACKOFF)) - 1])
            attempt += 1

    def _try(self, row: Row, attempt: int, copies: int) -> Outcome:
        """All copies at once, as a provider that repeats itself would; the best outcome counts."""
        posts = [self._greenlets.spawn(self._post, row, attempt) for _ in range(copies)]
        gevent.joinall(posts)
        outcomes: list[Outcome] = [post.value for post in posts if post.value]
        ranked = sorted(outcomes, key=lambda o: ("accepted", "rejected", "unreachable").index(o[0]))
        return ranked[0]

    def _post(self, row: Row, attempt: int) -> Outcome:
        started = time.monotonic()
        outcome = self._request(row)
        self._store.insert(
            "attempts",
            webhook=row["id"],
            attempt=attempt,
            at=now_ms(),
            status=outcome.status,
            result=outcome.result,
            error=outcome.error,
            ms=round((time.monotonic() - started) * 1000),
        )
        return outcome

    def _request(self, row: Row) -> Outcome:
        headers = {"Content-Type": "application/json"} | json.loads(row["headers"])
        try:
            answer = self._session.post(
                row["url"],
                data=row["payload"].encode(),
                headers=headers,
                timeout=TIMEOUT,
                allow_redirects=False,
            )
        except requests.ConnectionError:
            return Outcome("unreachable", None, "sem conexão com o produto")
        except requests.Timeout:
            return Outcome("unreachable", None, "o produto não respondeu a tempo")
        except requests.RequestException as error:
            return Outcome("rejected", None, f"pedido impossível: {type(error).__name__}")
        if answer.ok and not answer.is_redirect:
            return Outcome("accepted", answer.status_code, None)
        return Outcome("rejected", answer.status_code, answer.text[:300])

    def _settle(self, row: Row, outcome: Outcome) -> None:
        self._store.run("update webhooks set state = ? where id = ?", outcome.result, row["id"])
        if not row["settles"]:
            return
        if outcome.result == "accepted":
            self._store.raise_status(row["settles"], "sent")
        else:
            reason = f"HTTP {outcome.status}" if outcome.status else outcome.error
            self._store.raise_status(row["settles"], "failed", reason)


def attempts(store: Store, vendor: str, limit: int, phone_key: str = "") -> list[Row]:
    """Delivery attempts, newest first, in the words of the JSON interface."""
    found = store.rows(
        "select a.*, w.account, w.type, w.phone, w.message_id, w.url, w.state, w.payload, w.lane"
        " from attempts a join webhooks w on w.id = a.webhook"
        " where w.vendor = ? and (? = '' or w.phone = ?) order by a.id desc limit ?",
        vendor,
        phone_key,
        phone_key,
        limit,
    )
    return [_shown(row) for row in found]


def _shown(row: Row) -> Row:
    payload = json.loads(row["payload"])
    return {
        "id": row["id"],
        "webhook": row["webhook"],
        "instance": row["account"],
        "type": row["type"],
        "event": payload.get("status") if row["type"] == "MessageStatusCallback" else None,
        "phone": payload.get("phone"),
        "messageId": row["message_id"],
        "url": row["url"],
        "attempt": row["attempt"],
        "status": row["status"],
        "result": row["result"],
        "state": row["state"],
        "error": row["error"],
        "ms": row["ms"],
        "at": iso(row["at"]),
        "payload": payload,
    }
