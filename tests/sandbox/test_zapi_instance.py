import pytest
import requests

from tests.sandbox.outside import PHONE, Product, Sandbox, until


def test_the_credentials_of_the_environment_are_accepted(sandbox: Sandbox) -> None:
    answer = sandbox.call("GET", "status")
    assert answer.json() == {
        "connected": True,
        "error": "You are already connected.",
        "smartphoneConnected": True,
    }


def test_wrong_credentials_get_the_vendor_s_errors(sandbox: Sandbox) -> None:
    missing = sandbox.call("GET", "status", client_token=None)
    assert (missing.status_code, missing.json()) == (403, {"error": "null not allowed"})
    wrong = sandbox.call("GET", "status", client_token="CT-ERRADO")
    assert (wrong.status_code, wrong.json()) == (403, {"error": "CT-ERRADO not allowed"})
    other = sandbox.call("GET", "status", token="TOK-ERRADO")
    assert (other.status_code, other.json()) == (404, {"error": "Instance not found"})


def test_another_instance_is_remembered_with_its_first_credentials(sandbox: Sandbox) -> None:
    first = sandbox.call("GET", "status", instance="INST-2", token="T2", client_token="C2")
    assert first.status_code == 200
    assert sandbox.call("GET", "status", instance="INST-2", token="T9").status_code == 404
    assert [one["id"] for one in sandbox.get("/zapi/instances")] == ["INST-DEMO", "INST-2"]
    assert "token" not in sandbox.get("/zapi/instances")[0]


def test_a_customer_can_write_to_another_instance(sandbox: Sandbox, product: Product) -> None:
    sandbox.call("GET", "status", instance="INST-2", token="T2", client_token="C2")
    sandbox.say("oi", instance="INST-2")
    assert product.wait_for("ReceivedCallback")[0]["instanceId"] == "INST-2"


def test_errors_have_the_vendor_s_shape(sandbox: Sandbox) -> None:
    assert sandbox.call("GET", "send-text").status_code == 405
    assert sandbox.call("GET", "queue").status_code == 405
    assert sandbox.call("POST", "send-telepathy", {}).status_code == 404
    plain = requests.post(
        f"{sandbox.url}/instances/INST-DEMO/token/TOK-DEMO/send-text",
        data="oi",
        headers={"Client-Token": "CT-DEMO"},
        timeout=5,
    )
    assert (plain.status_code, plain.json()) == (415, {"error": "Unsupported Media Type"})


def test_a_disconnected_number_queues_and_fires_when_it_returns(
    sandbox: Sandbox, product: Product
) -> None:
    sandbox.post("/zapi/instances/INST-DEMO/connection", {"connected": False})
    [gone] = product.wait_for("DisconnectedCallback")
    assert gone["momment"] < 10**11
    assert sandbox.call("GET", "status").json()["connected"] is False

    sent = sandbox.send_text("espera")
    assert sandbox.status_of(sent["messageId"]) == "queued"
    queue = sandbox.call("POST", "queue", {"pageSize": 1}).json()
    assert queue["messages"][0]["zaapId"] == sent["zaapId"]
    assert queue["hasMore"] is False

    sandbox.post("/zapi/instances/INST-DEMO/connection", {"connected": True})
    [back] = product.wait_for("ConnectedCallback")
    assert back["connected"] is True
    until(lambda: sandbox.status_of(sent["messageId"]) == "read")


def test_a_cleared_queue_never_fires(sandbox: Sandbox, product: Product) -> None:
    sandbox.post("/zapi/instances/INST-DEMO/connection", {"connected": False})
    one, two = sandbox.send_text("um"), sandbox.send_text("dois")
    assert sandbox.call("DELETE", f"queue/{one['zaapId']}").status_code == 200
    assert len(sandbox.call("POST", "queue", {}).json()["messages"]) == 1
    sandbox.call("DELETE", "queue")
    sandbox.post("/zapi/instances/INST-DEMO/connection", {"connected": True})
    product.wait_for("ConnectedCallback")
    sandbox.settle()
    assert product.of_type("DeliveryCallback") == []
    assert sandbox.status_of(two["messageId"]) == "failed"


def test_what_customers_write_meanwhile_arrives_on_reconnect(
    sandbox: Sandbox, product: Product
) -> None:
    sandbox.call("GET", "disconnect")
    said = sandbox.say("alguém aí?")
    sandbox.settle()
    assert product.of_type("ReceivedCallback") == []
    assert sandbox.status_of(said["id"]) == "pending"
    sandbox.post("/zapi/instances/INST-DEMO/connection", {"connected": True})
    assert product.wait_for("ReceivedCallback")[0]["messageId"] == said["id"]


def test_a_restart_announces_the_connection(sandbox: Sandbox, product: Product) -> None:
    assert sandbox.call("GET", "restart").json() == {"value": True}
    assert product.wait_for("ConnectedCallback")


def test_a_qr_code_exists_only_while_disconnected(sandbox: Sandbox) -> None:
    assert sandbox.call("GET", "qr-code/image").json() == {"connected": True}
    sandbox.call("GET", "disconnect")
    image = sandbox.call("GET", "qr-code/image").json()["value"]
    assert image.startswith("data:image/png;base64,")


def test_webhooks_go_where_the_instance_says(sandbox: Sandbox, product: Product) -> None:
    elsewhere = product.url + "/status"
    answer = sandbox.call("PUT", "update-webhook-message-status", {"value": elsewhere})
    assert answer.json() == {"value": True}
    me = sandbox.call("GET", "me").json()
    assert me["messageStatusCallbackUrl"] == elsewhere
    assert me["receivedCallbackUrl"] == product.url

    every = sandbox.call(
        "PUT", "update-every-webhooks", {"value": elsewhere, "notifySentByMe": False}
    )
    assert every.json() == {"value": True}
    me = sandbox.call("GET", "me").json()
    assert me["receivedCallbackUrl"] == elsewhere
    assert me["receiveCallbackSentByMe"] is False
    sandbox.say("oi")
    sandbox.settle()
    assert sandbox.get("/zapi/deliveries")[0]["url"] == elsewhere


@pytest.mark.parametrize(
    ("method", "call", "body", "status"),
    [
        ("PUT", "update-webhook-received", {"value": "ftp://x"}, 400),
        ("PUT", "update-notify-sent-by-me", {"notifySentByMe": "sim"}, 400),
        ("POST", "queue", {"pageSize": 31}, 400),
        ("POST", "read-message", {"phone": PHONE}, 400),
        ("POST", "modify-chat", {"phone": "x", "action": "read"}, 400),
        ("POST", "privacy/read-receipts?value=talvez", None, 400),
        ("GET", "device", None, 200),
        ("GET", "phone-code/5500900000000", None, 200),
        ("PUT", "update-auto-read-message", {"value": True}, 200),
        ("POST", "modify-chat", {"phone": PHONE, "action": "read"}, 200),
        ("DELETE", f"messages?messageId=WA-1&phone={PHONE}&owner=true", None, 204),
    ],
)
def test_the_smaller_calls_answer_as_documented(
    sandbox: Sandbox, method: str, call: str, body: object, status: int
) -> None:
    assert sandbox.call(method, call, body).status_code == status


def test_reading_a_message_marks_it_for_the_customer(sandbox: Sandbox) -> None:
    said = sandbox.say("oi")
    answer = sandbox.call("POST", "read-message", {"phone": PHONE, "messageId": said["id"]})
    assert answer.status_code == 204
    assert sandbox.messages()[0]["read"] is True


def test_phone_exists_knows_who_has_no_whatsapp(sandbox: Sandbox) -> None:
    [found] = sandbox.call("GET", f"phone-exists/{PHONE}").json()
    assert found["exists"] is True
    assert found["lid"].endswith("@lid")
    absent = "5500900010404"
    assert sandbox.call("GET", f"phone-exists/{absent}").json() == [
        {"exists": False, "phone": absent, "lid": None}
    ]


def test_phone_exists_batch_tells_the_registered_form(sandbox: Sandbox) -> None:
    sandbox.say("oi", phone="550000010001")
    body = {"phones": [PHONE, "x"]}
    known, unknown = sandbox.call("POST", "phone-exists-batch", body).json()
    assert (known["inputPhone"], known["outputPhone"]) == (PHONE, "550000010001")
    assert unknown["exists"] is False
    assert sandbox.call("POST", "phone-exists-batch", {"phones": "x"}).status_code == 400


def test_presence_is_told_on_request(sandbox: Sandbox, product: Product) -> None:
    answer = sandbox.post("/zapi/presence", {"phone": PHONE, "status": "COMPOSING"})
    assert answer.status_code == 204
    [body] = product.wait_for("PresenceChatCallback")
    assert (body["phone"], body["status"]) == (PHONE, "COMPOSING")
