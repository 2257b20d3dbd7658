"""Each webhook five times in parallel, to two web processes: one receipt, one push, one answer."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count, cycle
from threading import Barrier
from typing import Any

import pytest
import requests

from tests.chaos.house import SILENT, TICKS, Customer, House, soon
from tests.screens import Screen

pytestmark = pytest.mark.xdist_group("chaos")
COPIES = 5
_numbers = count(1)


@dataclass
class Desk:
    """Two web processes, and a screen of Ana's on each."""

    house: House
    webs: tuple[str, str]
    screens: tuple[Screen, Screen]

    def five_times(self, payload: dict[str, Any], path: str = "/webhook/whatsapp") -> None:
        """Post a webhook COPIES times at the same moment, to both processes in turns."""
        addresses = cycle(self.webs)
        together = Barrier(COPIES)

        def post(web: str) -> int:
            together.wait()
            return requests.post(f"{web}{path}", json=payload, timeout=10).status_code

        with ThreadPoolExecutor(COPIES) as pool:
            codes = list(pool.map(post, [next(addresses) for _ in range(COPIES)]))
        assert codes == [200] * COPIES

    def begin(self, customer: Customer, phase: str = "sent") -> tuple[int, int]:
        """Let the bot and the customer greet; the conversation's and our message's ids."""
        customer.writes()
        soon(lambda: customer.statuses() == [phase])
        query = "SELECT conversation_id, id FROM messages ORDER BY id DESC LIMIT 1"
        conversation_id, message_id = self.house.rows(query)[0]
        for screen in self.screens:
            assert screen.look(conversation_id)
            screen.forget()
        return conversation_id, message_id

    def each_saw_once(self, message_id: int) -> bool:
        """Whether both screens were shown the message, and once."""
        for screen in self.screens:
            soon(lambda screen=screen: screen.pushes_of(f"message-{message_id}"))  # type: ignore[misc]
        time.sleep(0.2)  # a second push would come by now
        return all(len(screen.pushes_of(f"message-{message_id}")) == 1 for screen in self.screens)


@pytest.fixture(scope="module")
def second_web(_house: House) -> Iterator[str]:
    with _house.another_web() as url:
        yield url


@pytest.fixture
def desk(house: House, second_web: str) -> Iterator[Desk]:
    """The desk while the vendor keeps its ticks to itself."""
    webs = (house.web_url, second_web)
    cookie = house.log_in("Ana", "attendant").cookie
    house.set(**SILENT)
    with Screen(webs[0], cookie) as first, Screen(webs[1], cookie) as second:
        yield Desk(house, webs, (first, second))
    house.set(**TICKS)


def webhook(customer: Customer, **fields: Any) -> dict[str, Any]:
    """A message as Z-API reports it."""
    return {
        "type": "ReceivedCallback",
        "instanceId": "INST-TEST",
        "messageId": f"FIVE-{next(_numbers)}",
        "phone": customer.number,
        "fromMe": False,
        "momment": int(time.time() * 1000),
        "status": "RECEIVED",
        "senderName": "Marina",
        "text": {"message": "Quero saber do meu boleto"},
    } | fields


def of_our_message(desk: Desk, message_id: int) -> str:
    return str(desk.house.rows("SELECT provider_id FROM messages WHERE id = %s", message_id)[0][0])


def test_a_message(desk: Desk) -> None:
    customer = desk.house.customer()
    desk.five_times(webhook(customer))
    soon(lambda: customer.statuses() == ["sent"])
    assert (customer.receipts(), len(customer.statuses("in"))) == (1, 1)
    assert customer.senders() == ["company"]
    conversation_id = desk.house.rows("SELECT max(id) FROM conversations")[0][0]
    versions = [screen.pushes_of(f"row-{conversation_id}") for screen in desk.screens]
    assert all(len(seen) == len(set(seen)) for seen in versions)


def test_a_message_in_a_conversation_that_is_open(desk: Desk) -> None:
    customer = desk.house.customer()
    _, answered = desk.begin(customer)
    desk.five_times(webhook(customer))
    soon(lambda: len(customer.statuses("in")) == 2)
    newest = desk.house.rows("SELECT max(id) FROM messages WHERE direction = 'in'")[0][0]
    assert newest > answered
    assert desk.each_saw_once(newest)
    assert len(customer.statuses("in")) == 2


def test_a_tick(desk: Desk) -> None:
    customer = desk.house.customer()
    _, message_id = desk.begin(customer)
    payload = {
        "type": "MessageStatusCallback",
        "instanceId": "INST-TEST",
        "phone": customer.number,
        "status": "READ",
        "ids": [of_our_message(desk, message_id)],
        "momment": int(time.time() * 1000),
    }
    desk.five_times(payload)
    assert desk.each_saw_once(message_id)
    assert customer.statuses() == ["read"]
    assert customer.receipts("MessageStatusCallback", "READ") == 1


def test_a_failed_delivery(desk: Desk) -> None:
    customer = desk.house.customer()
    _, message_id = desk.begin(customer)
    payload = {
        "type": "DeliveryCallback",
        "instanceId": "INST-TEST",
        "phone": customer.number,
        "messageId": of_our_message(desk, message_id),
        "error": "Phone number does not exist",
    }
    desk.five_times(payload)
    assert desk.each_saw_once(message_id)
    assert customer.statuses() == ["failed"]
    assert customer.receipts("DeliveryCallback", "") == 1


def test_an_answer_typed_on_the_companys_phone(desk: Desk) -> None:
    customer = desk.house.customer()
    desk.begin(customer)
    desk.five_times(webhook(customer, fromMe=True, status="SENT", text={"message": "Já vejo"}))
    newest = desk.house.rows("SELECT max(id) FROM messages WHERE author_kind = 'phone'")[0][0]
    assert desk.each_saw_once(newest)
    assert customer.statuses() == ["sent", "sent"]


def test_the_connection_lost_and_found(desk: Desk) -> None:
    lost = {"type": "DisconnectedCallback", "instanceId": "INST-TEST", "disconnected": True}
    found = {"type": "ConnectedCallback", "instanceId": "INST-TEST", "connected": True}
    proven = desk.house.secret_address()
    desk.five_times(lost | {"momment": int(time.time())}, proven)
    desk.five_times(found | {"momment": int(time.time())}, proven)
    for screen in desk.screens:
        soon(lambda screen=screen: len(banners(screen)) >= 2)  # type: ignore[misc]
        assert len(banners(screen)) == 2


def banners(screen: Screen) -> list[str]:
    return [html for html in screen.fragments if 'id="channel-banner"' in html]
