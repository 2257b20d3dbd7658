"""One house for all tests of this folder: starting it takes seconds."""

import time
from collections.abc import Iterator

import pytest

from tests.chaos.house import House


@pytest.fixture(scope="session")
def _house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("chaos")
    folder.chmod(0o755)
    house = House(folder).open()
    yield house
    time.sleep(1.5)  # a last round of the sweeps: what they would send twice is sent by now
    changed = [repr(customer) for customer in house.answered if not customer.has_one_answer()]
    house.close()
    assert not changed


@pytest.fixture
def house(_house: House) -> Iterator[House]:
    """The whole product, well when the test begins."""
    yield _house
    _house.end_faults()
