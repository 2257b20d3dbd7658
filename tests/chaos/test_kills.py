"""`kill -9` of web, worker or Redis, also emptied, at any step between receipt and delivery."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from tests.chaos.house import TICKS, Customer, House, soon
from tests.running import Process

pytestmark = pytest.mark.xdist_group("chaos")


# ── Steps: each brings a message to a point and names the worker that has it ────────────────────


@contextmanager
def before_the_bot_begins(house: House, customer: Customer) -> Iterator[Process]:
    """The message is kept; the bot's job waits."""
    with house.frozen(house.thinker):
        customer.writes()
        soon(lambda: customer.receipts() == 1)
        yield house.thinker


@contextmanager
def between_the_answer_and_its_send(house: House, customer: Customer) -> Iterator[Process]:
    """The bot's answer is committed; no worker has begun to send it."""
    with house.frozen(house.sender):
        customer.writes()
        soon(lambda: customer.statuses() == ["queued"])
        yield house.sender


@contextmanager
def during_the_call(house: House, customer: Customer) -> Iterator[Process]:
    """The vendor has the message and takes its time to say so."""
    house.fault(delay_ms=1200)
    customer.writes()
    soon(lambda: customer.senders() == ["customer", "company"])
    yield house.sender


@contextmanager
def after_the_answer_was_lost(house: House, customer: Customer) -> Iterator[Process]:
    """The vendor has the message, and the connection broke before it said so."""
    house.set(**{name: 1000 + late for name, late in TICKS.items()})
    house.fault(drop=True)
    customer.writes()
    soon(lambda: customer.statuses() == ["uncertain"])
    yield house.sender
    house.set(**TICKS)


@contextmanager
def between_two_tries(house: House, customer: Customer) -> Iterator[Process]:
    """The vendor refused it once; the second try waits."""
    house.fault(status=429)
    customer.writes()
    soon(lambda: house.rows("SELECT 1 FROM outbox WHERE state = 'queued' AND attempts = 1"))
    yield house.sender


STEPS = (
    before_the_bot_begins,
    between_the_answer_and_its_send,
    during_the_call,
    after_the_answer_was_lost,
    between_two_tries,
)


# ── Victims ─────────────────────────────────────────────────────────────────────────────────────


def worker(house: House, working: Process) -> None:
    working.kill()
    working.start()


def web(house: House, working: Process) -> None:
    house.kill_web()


def redis(house: House, working: Process) -> None:
    house.kill_redis()


def redis_emptied(house: House, working: Process) -> None:
    house.empty_redis()


Step = Callable[[House, Customer], AbstractContextManager[Process]]
Victim = Callable[[House, Process], None]


@pytest.mark.parametrize("victim", [worker, web, redis, redis_emptied])
@pytest.mark.parametrize("step", STEPS)
def test_nothing_is_lost_and_nothing_doubled(house: House, step: Step, victim: Victim) -> None:
    customer = house.customer()
    with step(house, customer) as working:
        victim(house, working)
    assert customer.was_answered_once(), customer
