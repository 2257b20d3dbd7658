import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from tests.sandbox.outside import PHONE, Product, Sandbox, until

BUTTONS = {"buttons": [{"label": "Sim"}, {"label": "Não"}]}
OPTIONS = {"title": "Assuntos", "buttonLabel": "Ver", "options": [{"title": "Boleto"}]}


def test_a_text_is_accepted_shown_and_ticked(sandbox: Sandbox, product: Product) -> None:
    sent = sandbox.send_text("Olá, Marina!")
    assert sent["id"] == sent["messageId"]
    assert sent["zaapId"]

    statuses = product.wait_for("MessageStatusCallback", 3)
    assert [body["status"] for body in statuses] == ["SENT", "RECEIVED", "READ"]
    assert all(body["ids"] == [sent["messageId"]] for body in statuses)
    [delivery] = product.of_type("DeliveryCallback")
    assert (delivery["zaapId"], delivery["messageId"]) == (sent["zaapId"], sent["messageId"])
    assert "error" not in delivery
    assert sandbox.status_of(sent["messageId"]) == "read"


def test_the_outbox_lists_what_was_accepted(sandbox: Sandbox) -> None:
    sent = sandbox.send_text("um", delayTyping=0)
    sandbox.send_text("dois")
    first, second = sandbox.get("/zapi/outbox")
    assert (first["text"], second["text"]) == ("um", "dois")
    assert first["instance"] == "INST-DEMO"
    assert (first["method"], first["phone"]) == ("send-text", PHONE)
    assert (first["messageId"], first["zaapId"]) == (sent["messageId"], sent["zaapId"])
    assert first["body"] == {"phone": PHONE, "message": "um", "delayTyping": 0}


def test_the_echo_of_a_send_comes_only_when_asked_for(sandbox: Sandbox, product: Product) -> None:
    sent = sandbox.send_text("com eco")
    [echo] = product.wait_for("ReceivedCallback")
    assert (echo["fromMe"], echo["fromApi"]) == (True, True)
    assert (echo["messageId"], echo["text"]) == (sent["messageId"], {"message": "com eco"})

    sandbox.call("PUT", "update-notify-sent-by-me", {"notifySentByMe": False})
    sandbox.send_text("sem eco")
    sandbox.settle()
    assert len(product.of_type("ReceivedCallback")) == 1


def test_an_echo_may_come_before_the_answer(sandbox: Sandbox, product: Product) -> None:
    sandbox.post("/faults", {"vendor": "zapi", "delay_ms": 300, "times": 1})
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(sandbox.send_text, "devagar")
        [echo] = product.wait_for("ReceivedCallback")
        assert not answer.done()
        assert answer.result()["messageId"] == echo["messageId"]


def test_a_tick_set_to_never_does_not_come(sandbox: Sandbox, product: Product) -> None:
    sandbox.post("/settings", {"read_ms": None})
    sent = sandbox.send_text("oi")
    sandbox.settle()
    assert sandbox.status_of(sent["messageId"]) == "delivered"
    assert [b["status"] for b in product.of_type("MessageStatusCallback")] == ["SENT", "RECEIVED"]


def test_read_receipts_can_be_turned_off(sandbox: Sandbox) -> None:
    sandbox.call("POST", "privacy/read-receipts?value=disable")
    sent = sandbox.send_text("oi")
    sandbox.settle()
    assert sandbox.status_of(sent["messageId"]) == "delivered"


@pytest.mark.parametrize(
    ("phone", "error"),
    [
        ("5500900010404", "Phone number does not exist"),
        ("+55 00", "Message has not been sent because it got invalid phone number"),
    ],
)
def test_a_number_that_cannot_be_reached_fails_afterwards(
    sandbox: Sandbox, product: Product, phone: str, error: str
) -> None:
    sandbox.send_text("oi", phone=phone)
    [delivery] = product.wait_for("DeliveryCallback")
    assert delivery["error"] == error
    sandbox.settle()
    assert product.of_type("MessageStatusCallback") == []


def test_a_delivery_error_on_request_marks_the_message(sandbox: Sandbox, product: Product) -> None:
    wish = {"vendor": "zapi", "delivery_error": "Timeout on send message", "times": 1}
    sandbox.post("/faults", wish)
    sent = sandbox.send_text("oi")
    [delivery] = product.wait_for("DeliveryCallback")
    assert delivery["error"] == "Timeout on send message"
    until(lambda: sandbox.status_of(sent["messageId"]) == "failed")


def test_typing_delays_the_message(sandbox: Sandbox, product: Product) -> None:
    sandbox.post("/settings", {"delivery_ms": 0})
    started = time.monotonic()
    sandbox.send_text("pensei", delayTyping=0.4)
    product.wait_for("DeliveryCallback")
    assert time.monotonic() - started >= 0.35


def test_an_edit_changes_the_message_on_the_phone(sandbox: Sandbox) -> None:
    sent = sandbox.send_text("boleto de otubro")
    sandbox.send_text("boleto de outubro", editMessageId=sent["messageId"])
    [listed] = sandbox.messages()
    assert (listed["text"], listed["edited"]) == ("boleto de outubro", True)


def test_reactions_edits_and_deletions_come_back_as_echoes_of_what_they_are_about(
    sandbox: Sandbox, product: Product
) -> None:
    sent, said = sandbox.send_text("boleto de otubro")["messageId"], sandbox.say("oi")["id"]
    sandbox.settle()
    product.received.clear()
    sandbox.send_text("boleto de outubro", editMessageId=sent)
    body = {"phone": PHONE, "messageId": said}
    sandbox.call("POST", "send-reaction", body | {"reaction": "👍"})
    sandbox.call("POST", "send-remove-reaction", body)
    sandbox.call("DELETE", f"messages?messageId={sent}&phone={PHONE}&owner=true")
    edit, reaction, removal, revocation = product.wait_for("ReceivedCallback", 4)
    assert all(echo["fromMe"] and echo["fromApi"] for echo in (edit, reaction, removal, revocation))
    assert (edit["isEdit"], edit["messageId"]) == (True, sent)
    assert [echo["reaction"]["value"] for echo in (reaction, removal)] == ["👍", ""]
    assert reaction["reaction"]["referencedMessage"]["messageId"] == said
    assert (revocation["notification"], revocation["referenceMessageId"]) == ("REVOKE", sent)
    assert "text" not in revocation


def test_a_reply_names_the_message_it_answers(sandbox: Sandbox) -> None:
    said = sandbox.say("e o boleto?")
    sandbox.send_text("segue", messageId=said["id"])
    assert sandbox.messages()[1]["reference"] == said["id"]


@pytest.mark.parametrize(
    ("method", "fields", "line"),
    [
        (
            "send-image",
            {"image": "https://x.invalid/a.png", "caption": "Planta"},
            "[imagem] Planta",
        ),
        ("send-audio", {"audio": "data:audio/mpeg;base64,AA=="}, "[áudio]"),
        ("send-video", {"video": "https://x.invalid/a.mp4"}, "[vídeo]"),
        (
            "send-document/pdf",
            {"document": "https://x.invalid/a.pdf", "fileName": "boleto.pdf"},
            "[documento] boleto.pdf",
        ),
        (
            "send-location",
            {"title": "Loja", "address": "Rua", "latitude": "-1", "longitude": "-2"},
            "[localização] Loja",
        ),
        (
            "send-button-list",
            {"message": "Confirma?", "buttonList": BUTTONS},
            "[botões] Confirma? · Sim · Não",
        ),
        (
            "send-option-list",
            {"message": "Sobre o quê?", "optionList": OPTIONS},
            "[lista] Sobre o quê? · Boleto",
        ),
        (
            "send-button-actions",
            {"message": "Fale", "buttonActions": [{"type": "CALL", "label": "Ligar"}]},
            "[botões] Fale · Ligar",
        ),
    ],
)
def test_the_other_sends_are_recorded_with_a_line_of_text(
    sandbox: Sandbox, method: str, fields: dict[str, Any], line: str
) -> None:
    answer = sandbox.call("POST", method, {"phone": PHONE, **fields})
    assert answer.status_code == 200
    assert set(answer.json()) == {"zaapId", "messageId", "id"}
    [recorded] = sandbox.get("/zapi/outbox")
    assert (recorded["method"], recorded["text"]) == (method, line)
    assert sandbox.messages()[0]["text"] == line


@pytest.mark.parametrize("lent", [True, False])
def test_the_phone_gets_the_file_it_was_sent(sandbox: Sandbox, lent: bool) -> None:
    own = {"name": "nota.txt", "type": "text/plain", "base64": "b2k="}
    sandbox.say("", kind="document", file=own)
    shelf = sandbox.messages()[0]["file"]["url"]
    source = shelf if lent else "data:text/plain;base64,b2k="
    body = {"phone": PHONE, "document": source, "fileName": "aviso.txt"}
    sent = sandbox.call("POST", "send-document/txt", body).json()

    def arrived() -> Any:
        return next(
            (one for one in sandbox.messages() if one["id"] == sent["id"] and "file" in one), None
        )

    shown = until(arrived)
    assert (shown["file"]["name"], shown["file"]["type"]) == ("aviso.txt", "text/plain")
    assert shown["file"]["url"] != shelf
    assert requests.get(shown["file"]["url"], timeout=5).content == b"oi"


@pytest.mark.parametrize("fault", ["missing", "html", "empty", "cut", "private"])
def test_a_file_that_cannot_be_fetched_is_not_sent(
    sandbox: Sandbox, product: Product, fault: str
) -> None:
    sandbox.say("", kind="image", media_fault=fault)
    source = product.wait_for("ReceivedCallback")[-1]["image"]["imageUrl"]
    assert_not_sent(sandbox, product, source)


@pytest.mark.parametrize(
    "source",
    ["https://x.invalid/a.png", "http://10.0.0.1/a.png", "data:image/png;base64,é", "a.png"],
)
def test_only_a_file_of_this_machine_is_fetched(
    sandbox: Sandbox, product: Product, source: str
) -> None:
    assert_not_sent(sandbox, product, source)


def assert_not_sent(sandbox: Sandbox, product: Product, source: str) -> None:
    """An image at `source` is accepted, and reported as failed the way the provider does."""
    answer = sandbox.call("POST", "send-image", {"phone": PHONE, "image": source})
    assert answer.status_code == 200
    [delivery] = product.wait_for("DeliveryCallback")
    assert delivery["error"] == "Message not send caused by invalid media url"
    message = answer.json()["messageId"]
    assert until(lambda: sandbox.status_of(message) == "failed")
    sandbox.settle()
    assert product.of_type("MessageStatusCallback") == []


def test_a_reaction_lands_on_its_message(sandbox: Sandbox) -> None:
    said = sandbox.say("obrigada!")
    body = {"phone": PHONE, "reaction": "❤️", "messageId": said["id"]}
    assert sandbox.call("POST", "send-reaction", body).status_code == 200
    [listed] = sandbox.messages()
    assert listed["company_reaction"] == "❤️"


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("send-text", {"phone": PHONE}),
        ("send-text", {"message": "oi"}),
        ("send-text", {"phone": 5500, "message": "oi"}),
        ("send-text", {"phone": PHONE, "message": "oi", "delayTyping": 99}),
        ("send-text", ["oi"]),
        ("send-image", {"phone": PHONE}),
        ("send-button-list", {"phone": PHONE, "message": "oi", "buttonList": {"buttons": []}}),
        (
            "send-button-actions",
            {
                "phone": PHONE,
                "message": "oi",
                "buttonActions": [{"type": "REPLY"}, {"type": "URL"}],
            },
        ),
    ],
)
def test_a_send_without_what_it_needs_is_refused(sandbox: Sandbox, method: str, body: Any) -> None:
    answer = sandbox.call("POST", method, body)
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert sandbox.get("/zapi/outbox") == []
