"""One sandbox and one product for the run; each test finds them as new."""

from collections.abc import Iterator

import pytest

from tests.sandbox.outside import FAST, Product, Sandbox, free_port


@pytest.fixture(scope="session")
def running() -> Iterator[tuple[Sandbox, Product]]:
    product = Product(free_port())
    sandbox = Sandbox(free_port(), None, product)
    product.start()
    sandbox.start()
    yield sandbox, product
    sandbox.stop()
    product.stop()


@pytest.fixture
def product(running: tuple[Sandbox, Product]) -> Product:
    sandbox, fresh = running
    # What an earlier test left under way has arrived before the product forgets.
    sandbox.settle()
    sandbox.post("/reset")
    fresh.received.clear()
    fresh.headers.clear()
    fresh.statuses.clear()
    fresh.pause = 0.0
    return fresh


@pytest.fixture
def sandbox(running: tuple[Sandbox, Product], product: Product) -> Sandbox:
    """A sandbox as new, whose ticks come at once."""
    del product
    running[0].post("/settings", FAST)
    return running[0]
