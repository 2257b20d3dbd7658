"""Everything is killed, one after the other, while many customers write."""

import threading
import time

import pytest

from tests.chaos.house import House

pytestmark = pytest.mark.xdist_group("chaos")
CUSTOMERS = 12


def test_every_customer_is_answered_once(house: House) -> None:
    customers = [house.customer() for _ in range(CUSTOMERS)]

    def write() -> None:
        for customer in customers:
            customer.writes(copies=2)
            time.sleep(0.25)

    writing = threading.Thread(target=write)
    writing.start()
    house.sender.kill()
    house.sender.start()
    house.empty_redis()
    house.kill_web()
    house.thinker.kill()
    house.thinker.start()
    writing.join()
    assert [customer for customer in customers if not customer.was_answered_once()] == []
