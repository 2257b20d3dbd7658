import time
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.sandbox.outside import FAST, PHONE, Product, Sandbox, free_port, until


def test_a_customer_s_message_reaches_the_product_as_z_api_sends_it(
    sandbox: Sandbox, product: Product
) -> None:
    said = sandbox.say("Bom dia", name="Marina Alves")

    [body] = product.wait_for("ReceivedCallback")
    assert body["text"] == {"message": "Bom dia"}
    assert body["messageId"] == said["id"]
    assert (body["phone"], body["senderName"]) == (PHONE, "Marina Alves")
    assert body["instanceId"] == "INST-DEMO"
    assert body["fromMe"] is body["isGroup"] is body["waitingMessage"] is False
    assert abs(body["momment"] - time.time() * 1000) < 5000
    assert body["chatLid"].endswith("@lid")


def test_what_was_accepted_is_listed_as_sent(sandbox: Sandbox) -> None:
    said = sandbox.say("oi")
    assert said["status"] == "pending"

    until(lambda: sandbox.status_of(said["id"]) == "sent")
    [listed] = sandbox.messages()
    assert (listed["from"], listed["text"]) == ("customer", "oi")


def test_what_the_product_refuses_is_failed_and_not_tried_again(
    sandbox: Sandbox, product: Product
) -> None:
    product.statuses = [500]
    said = sandbox.say("oi")

    until(lambda: sandbox.status_of(said["id"]) == "failed")
    assert sandbox.messages()[0]["error"] == "HTTP 500"
    [attempt] = sandbox.get("/zapi/deliveries")
    assert (attempt["status"], attempt["result"]) == (500, "rejected")


def test_a_product_that_restarts_loses_nothing_and_keeps_the_order(
    sandbox: Sandbox, product: Product
) -> None:
    product.stop()
    try:
        first = sandbox.say("um")
        sandbox.say("dois")
        until(lambda: len(sandbox.get("/zapi/deliveries")) >= 2)
        assert sandbox.status_of(first["id"]) == "pending"
    finally:
        product.start()

    assert [b["text"]["message"] for b in product.wait_for("ReceivedCallback", 2)] == ["um", "dois"]
    until(lambda: sandbox.status_of(first["id"]) == "sent")


def test_messages_typed_in_a_burst_arrive_in_order(sandbox: Sandbox, product: Product) -> None:
    for number in range(20):
        sandbox.say(str(number))
    received = product.wait_for("ReceivedCallback", 20)
    assert [body["text"]["message"] for body in received] == [str(n) for n in range(20)]


def test_a_slow_product_on_one_phone_does_not_hold_another(
    sandbox: Sandbox, product: Product
) -> None:
    product.pause = 0.3
    started = time.monotonic()
    for last in range(8):
        sandbox.say("oi", phone=f"550090001010{last}")
    product.wait_for("ReceivedCallback", 8)
    assert time.monotonic() - started < 1.5


def test_copies_are_the_same_webhook_at_the_same_time(sandbox: Sandbox, product: Product) -> None:
    sandbox.say("oi", copies=5)
    received = product.wait_for("ReceivedCallback", 5)
    assert all(body == received[0] for body in received)
    assert len(sandbox.messages()) == 1


def test_raw_fields_and_given_ids_go_into_the_payload(sandbox: Sandbox, product: Product) -> None:
    sandbox.say(
        "oi",
        messageId="WA-FIXO",
        momment=1_768_478_400_000,
        raw={"phone": "120363000000000000-group", "isGroup": True, "instanceId": "OUTRA"},
    )
    [body] = product.wait_for("ReceivedCallback")
    assert (body["messageId"], body["momment"]) == ("WA-FIXO", 1_768_478_400_000)
    assert (body["phone"], body["isGroup"]) == ("120363000000000000-group", True)
    assert body["instanceId"] == "OUTRA"


def test_a_customer_who_edits_changes_the_same_message(sandbox: Sandbox) -> None:
    sandbox.say("boleto de otubro", messageId="WA-EDIT")
    sandbox.say("boleto de outubro", messageId="WA-EDIT", raw={"isEdit": True})
    [listed] = sandbox.messages()
    assert (listed["text"], listed["edited"]) == ("boleto de outubro", True)


def test_a_hidden_number_travels_as_its_lid(sandbox: Sandbox, product: Product) -> None:
    sandbox.say("oi", use_lid=True, lid="111222333444555@lid")
    [body] = product.wait_for("ReceivedCallback")
    assert body["phone"] == body["chatLid"] == "111222333444555@lid"

    sandbox.send_text("olá", phone="111222333444555@lid")
    assert [m["text"] for m in sandbox.messages()] == ["oi", "olá"]


def test_both_forms_of_a_mobile_are_one_phone(sandbox: Sandbox) -> None:
    sandbox.say("oi", phone="5500900010001")
    sandbox.send_text("olá", phone="550000010001")
    assert [m["from"] for m in sandbox.messages("(00) 90001-0001")] == ["customer", "company"]


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("image", "imageUrl"),
        ("audio", "audioUrl"),
        ("video", "videoUrl"),
        ("document", "documentUrl"),
        ("location", "latitude"),
        ("contact", "vCard"),
        ("sticker", "stickerUrl"),
        ("reaction", "value"),
    ],
)
def test_every_kind_has_its_content(
    sandbox: Sandbox, product: Product, kind: str, address: str
) -> None:
    sandbox.say("👍" if kind == "reaction" else "", kind=kind)
    [body] = product.wait_for("ReceivedCallback")
    assert address in body[kind]
    assert "text" not in body


def test_an_answer_typed_on_the_company_s_phone_is_an_echo(
    sandbox: Sandbox, product: Product
) -> None:
    answer = sandbox.post(f"/phone/{PHONE}/company-messages", {"text": "Já ligo"})
    assert answer.status_code == 201
    [body] = product.wait_for("ReceivedCallback")
    assert (body["fromMe"], body["fromApi"], body["phone"]) == (True, False, PHONE)
    assert body["text"] == {"message": "Já ligo"}
    until(lambda: sandbox.messages()[0]["status"] == "read")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/phone/abc/messages", {"text": "oi"}),
        (f"/phone/{PHONE}/messages", {}),
        (f"/phone/{PHONE}/messages", {"text": 5}),
        (f"/phone/{PHONE}/messages", ["oi"]),
        (f"/phone/{PHONE}/messages", {"text": "oi", "kind": "telepatia"}),
        (f"/phone/{PHONE}/messages", {"text": "oi", "copies": 0}),
        (f"/phone/{PHONE}/messages", {"text": "oi", "instance": "NENHUMA"}),
        (f"/phone/{PHONE}/messages", {"text": "oi", "lid": "123"}),
        ("/faults", {"vendor": "ninguem"}),
        ("/faults", {"vendor": "zapi", "status": 42}),
        ("/faults", {"vendor": "zapi", "times": 0}),
        ("/faults", {"vendor": "zapi", "drop": "sim"}),
        ("/settings", {"read_ms": -1}),
        ("/settings", {"desconhecido": 1}),
        ("/zapi/instances/INST-DEMO/connection", {}),
        ("/zapi/instances/NENHUMA/connection", {"connected": True}),
    ],
)
def test_bad_input_is_a_400_with_a_reason(sandbox: Sandbox, path: str, body: Any) -> None:
    answer = requests.post(sandbox.url + path, json=body, timeout=5)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_a_page_of_another_site_cannot_type(sandbox: Sandbox) -> None:
    answer = requests.post(
        f"{sandbox.url}/phone/{PHONE}/messages",
        json={"text": "oi"},
        headers={"Origin": "https://outro.exemplo.invalid"},
        timeout=5,
    )
    assert answer.status_code == 403
    assert sandbox.messages() == []


def test_the_pages_name_themselves_and_allow_no_foreign_code(sandbox: Sandbox) -> None:
    for path in ("/", f"/phone/{PHONE}"):
        page = requests.get(sandbox.url + path, timeout=5)
        assert "Telefone de teste" in page.text
        assert "dados fictícios" in page.text
        assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")
        assert "<style" not in page.text
        assert " style=" not in page.text
    assert page.text.count("<script") == 1


def test_the_page_s_state_is_sent_only_when_it_changed(sandbox: Sandbox) -> None:
    sandbox.say("oi")
    sandbox.settle()
    state = sandbox.get(f"/phone/{PHONE}/state")
    address = f"{sandbox.url}/phone/{PHONE}/state?version={state['version']}"
    assert requests.get(address, timeout=5).status_code == 204
    sandbox.say("de novo")
    assert requests.get(address, timeout=5).status_code == 200


def test_messages_and_pending_webhooks_outlive_a_restart(tmp_path: Path) -> None:
    product = Product(free_port())
    sandbox = Sandbox(free_port(), tmp_path / "sandbox.sqlite3", product)
    sandbox.start()
    try:
        sandbox.post("/settings", FAST)
        said = sandbox.say("antes")
        sandbox.send_text("resposta")
        assert sandbox.stop() == 0
        product.start()
        sandbox.start()
        assert [m["text"] for m in sandbox.messages()] == ["antes", "resposta"]
        until(lambda: sandbox.status_of(said["id"]) == "sent")
        assert product.wait_for("ReceivedCallback")[0]["text"]["message"] == "antes"
        sandbox.settle()
        assert sandbox.messages()[1]["status"] == "read"
    finally:
        sandbox.stop()
        product.stop()
