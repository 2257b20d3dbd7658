"""A thousand at once: everybody the same share, strictly in rotation, numbers without a gap."""

import contextlib
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from random import Random

import pytest
from flask import Flask

from app import create_app
from app.consultants import service
from app.consultants.models import HandOut
from app.extensions import db
from app.protocols.models import Protocol, ProtocolCounter
from app.transactions import atomic
from scripts.translations import PROJECT
from tests.consultants.conftest import Hires

CONSULTANTS, REQUESTS, CONNECTIONS = 10, 1000, 16


@pytest.fixture
def wide(app: Flask) -> Iterator[Flask]:
    """The application with a connection for each of sixteen threads."""
    made = create_app({"database_pool_size": str(CONNECTIONS)})
    yield made
    with made.app_context():
        db.engine.dispose()


class Undecided(Exception):
    """Whoever asked changed their mind before the commit."""


def take(app: Flask, seed: int) -> int:
    """One turn; one request in twenty is rolled back first. How many were."""
    rolled_back = 0
    chance = Random(seed)
    with app.app_context():
        while chance.random() < 0.05:
            rolled_back += 1
            with contextlib.suppress(Undecided), atomic():
                service.take_turn("pt-br", by="teste")
                raise Undecided
        service.take_turn("pt-BR", by="teste")
    return rolled_back


def test_a_thousand_requests_share_out_evenly_whatever_is_rolled_back_or_killed(
    app: Flask, wide: Flask, consultant: Hires
) -> None:
    people = [consultant(f"Consultor {number}") for number in range(CONSULTANTS)]
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.consultants.taker"], stdout=subprocess.PIPE, cwd=PROJECT
    )
    assert worker.stdout is not None
    worker.stdout.readline()  # it has begun to take turns
    seeds = count()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        rolled_back = sum(pool.map(lambda _: take(wide, next(seeds)), range(REQUESTS // 2)))
        worker.kill()
        worker.wait()
        with app.app_context():
            left = REQUESTS - db.session.query(Protocol).count()
        assert 0 < left < REQUESTS // 2
        rolled_back += sum(pool.map(lambda _: take(wide, next(seeds)), range(left)))
    assert rolled_back > 10
    with app.app_context():
        rows = (
            db.session.query(Protocol.number, HandOut.consultant_id)
            .join(HandOut, HandOut.protocol_id == Protocol.id)
            .order_by(Protocol.number)
            .all()
        )
    assert [row.number for row in rows] == list(range(1, REQUESTS + 1))
    assert Counter(row.consultant_id for row in rows) == dict.fromkeys(people, 100)
    assert [row.consultant_id for row in rows] == people * (REQUESTS // CONSULTANTS)


def test_one_who_is_free_serves_sixteen_callers_and_nobody_is_told_nobody(
    app: Flask, wide: Flask, consultant: Hires
) -> None:
    """On a database that never gave a number, and past number 100,000."""
    only = consultant("Única")
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(lambda seed: take(wide, seed), range(48)))
        with app.app_context(), atomic() as session:
            assert session.query(ProtocolCounter).one().last == 48
            session.query(ProtocolCounter).update({"last": 99_990})
        list(pool.map(lambda seed: take(wide, seed), range(48)))
    with app.app_context():
        found = [row.number for row in db.session.query(Protocol).order_by(Protocol.number)]
        assert found == [*range(1, 49), *range(99_991, 100_039)]
        assert db.session.query(HandOut).filter_by(consultant_id=only).count() == 96
