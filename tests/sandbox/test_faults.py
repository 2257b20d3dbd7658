from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.sandbox.outside import PHONE, Product, Sandbox

TEXT = {"phone": PHONE, "message": "oi"}


def wish(sandbox: Sandbox, **fields: Any) -> None:
    answer = sandbox.post("/faults", {"vendor": "zapi", **fields})
    assert answer.status_code == 201, answer.text


def texts(sandbox: Sandbox) -> list[str]:
    return [sent["text"] for sent in sandbox.get("/zapi/outbox")]


def test_a_status_strikes_as_often_as_asked_and_records_nothing(sandbox: Sandbox) -> None:
    wish(sandbox, status=500, times=3, delay_ms=0, drop=False, duplicate=0, reorder=False)
    answers = [sandbox.call("POST", "send-text", TEXT) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [500, 500, 500, 200]
    assert answers[0].json() == {"error": "Internal Server Error"}
    assert texts(sandbox) == ["oi"]


def test_an_error_after_acceptance_is_recorded(sandbox: Sandbox, product: Product) -> None:
    wish(sandbox, status=502, accepted=True, times=1)
    assert sandbox.call("POST", "send-text", TEXT).status_code == 502
    assert texts(sandbox) == ["oi"]
    assert product.wait_for("DeliveryCallback")


def test_a_dropped_answer_was_accepted(sandbox: Sandbox, product: Product) -> None:
    wish(sandbox, drop=True, times=1)
    with pytest.raises(requests.ConnectionError):
        sandbox.call("POST", "send-text", TEXT)
    assert texts(sandbox) == ["oi"]
    assert product.wait_for("MessageStatusCallback", 3)


def test_a_refused_connection_recorded_nothing(sandbox: Sandbox) -> None:
    wish(sandbox, refuse=True, times=1)
    with pytest.raises(requests.ConnectionError):
        sandbox.call("POST", "send-text", TEXT)
    assert texts(sandbox) == []
    assert sandbox.call("POST", "send-text", TEXT).status_code == 200


def test_a_slow_answer_was_accepted_before_the_caller_gave_up(sandbox: Sandbox) -> None:
    wish(sandbox, delay_ms=1000, times=1)
    with pytest.raises(requests.ReadTimeout):
        sandbox.call("POST", "send-text", TEXT, timeout=0.2)
    assert texts(sandbox) == ["oi"]


def test_a_fault_can_be_kept_for_certain_calls(sandbox: Sandbox) -> None:
    wish(sandbox, status=429, call="send-", times=1)
    assert sandbox.call("GET", "status").status_code == 200
    assert sandbox.call("POST", "send-text", TEXT).status_code == 429


def test_faults_strike_in_the_order_they_were_asked_for(sandbox: Sandbox) -> None:
    wish(sandbox, status=429, times=1)
    wish(sandbox, status=503, times=1)
    answers = [sandbox.call("POST", "send-text", TEXT).status_code for _ in range(3)]
    assert answers == [429, 503, 200]


def test_without_times_a_fault_stays_until_deleted(sandbox: Sandbox) -> None:
    wish(sandbox, status=500)
    assert [sandbox.call("GET", "status").status_code for _ in range(5)] == [500] * 5
    assert [fault["status"] for fault in sandbox.get("/faults")] == [500]
    assert requests.delete(f"{sandbox.url}/faults", timeout=5).status_code == 204
    assert sandbox.get("/faults") == []
    assert sandbox.call("GET", "status").status_code == 200


def test_used_up_faults_are_no_longer_listed(sandbox: Sandbox) -> None:
    wish(sandbox, status=500, times=1)
    sandbox.call("GET", "status")
    assert sandbox.get("/faults") == []


def test_webhooks_are_repeated_on_request(sandbox: Sandbox, product: Product) -> None:
    wish(sandbox, duplicate=2, times=1)
    sandbox.say("três vezes")
    sandbox.say("uma vez")
    sandbox.settle()
    said = [body["text"]["message"] for body in product.of_type("ReceivedCallback")]
    assert said == ["três vezes"] * 3 + ["uma vez"]


def test_webhooks_change_places_on_request(sandbox: Sandbox, product: Product) -> None:
    wish(sandbox, reorder=True, times=1)
    for number in ("um", "dois", "três"):
        sandbox.say(number)
    sandbox.settle()
    said = [body["text"]["message"] for body in product.of_type("ReceivedCallback")]
    assert said == ["dois", "um", "três"]


def test_a_webhook_with_no_follower_is_not_held_for_long(
    sandbox: Sandbox, product: Product
) -> None:
    sandbox.post("/settings", {"reorder_wait_ms": 50})
    wish(sandbox, reorder=True)
    sandbox.say("sozinha")
    assert product.wait_for("ReceivedCallback")


def test_two_hundred_connections_at_once_are_answered(sandbox: Sandbox) -> None:
    wish(sandbox, delay_ms=500)
    with ThreadPoolExecutor(200) as pool:
        answers = list(
            pool.map(lambda _: sandbox.call("GET", "status", timeout=10).status_code, range(200))
        )
    assert answers == [200] * 200
