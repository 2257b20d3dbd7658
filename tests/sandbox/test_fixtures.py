"""The recorded shapes that the product's tests read, and the sandbox's own: they must agree."""

import json
import re
from typing import Any

import pytest

from tests.sandbox.outside import PHONE, ROOT, Product, Sandbox

FOLDER = ROOT / "tests" / "integrations" / "fixtures" / "zapi"
FILES = sorted(FOLDER.glob("*.json"))
KINDS = {"message", "echo", "status", "delivery", "connection", "presence", "revocation", "ignored"}
PHONES = re.compile(r"(?<!\d)55\d{10,11}(?!\d)")


def fixture_named(name: str) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())["payload"]
    return payload


def shape(payload: dict[str, Any]) -> dict[str, Any]:
    """Field names, those of nested objects too; ids, times and texts do not matter."""
    return {k: shape(v) if isinstance(v, dict) else None for k, v in payload.items()}


def test_there_is_one_for_each_shape() -> None:
    assert len(FILES) >= 90


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_fixture_says_why_and_what_to_expect_with_invented_people(file: Any) -> None:
    recorded = json.loads(file.read_text())
    assert set(recorded) == {"why", "expect", "payload"}
    assert recorded["why"]
    assert recorded["expect"]["kind"] in KINDS
    assert all(phone.startswith("5500") for phone in PHONES.findall(file.read_text()))


def test_the_sandbox_s_messages_have_the_recorded_shape(sandbox: Sandbox, product: Product) -> None:
    for kind, name in (
        ("text", "received_text"),
        ("audio", "received_voice"),
        ("image", "received_image"),
        ("document", "received_document_caption"),
        ("location", "received_location"),
        ("reaction", "received_reaction"),
    ):
        product.received.clear()
        sandbox.say("oi", kind=kind)
        [said] = product.wait_for("ReceivedCallback")
        assert shape(said) == shape(fixture_named(name)), name


def test_the_sandbox_s_ticks_and_echoes_have_the_recorded_shape(
    sandbox: Sandbox, product: Product
) -> None:
    sandbox.send_text("oi")
    sandbox.send_text("oi", phone="5500900010404")
    [echo] = product.wait_for("ReceivedCallback")
    assert shape(echo) == shape(fixture_named("echo_from_api"))
    [status, *_] = product.wait_for("MessageStatusCallback")
    assert shape(status) == shape(fixture_named("status_sent"))
    deliveries = product.wait_for("DeliveryCallback", 2)
    good, bad = sorted(deliveries, key=lambda body: "error" in body)
    assert shape(good) == shape(fixture_named("delivery_ok"))
    assert shape(bad) == shape(fixture_named("delivery_no_such_phone"))


def test_the_sandbox_s_connection_changes_have_the_recorded_shape(
    sandbox: Sandbox, product: Product
) -> None:
    for connected, kind in ((False, "disconnected"), (True, "connected")):
        sandbox.post("/zapi/instances/INST-DEMO/connection", {"connected": connected})
        [change] = product.wait_for(f"{kind.capitalize()}Callback")
        assert shape(change) == shape(fixture_named(kind))


def test_presence_has_the_recorded_shape(sandbox: Sandbox, product: Product) -> None:
    sandbox.post("/zapi/presence", {"phone": PHONE, "status": "COMPOSING"})
    [presence] = product.wait_for("PresenceChatCallback")
    assert shape(presence) == shape(fixture_named("presence_composing"))
