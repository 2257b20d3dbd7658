"""Z-API's calls other than sends: admission, the instance, chats, contacts, queue, webhooks."""

import json
import time
from typing import Any

import segno
from flask import Blueprint, Response, g, jsonify, request

from sandbox.numbers import BadNumber, digits_of
from sandbox.store import Row, Store, now_ms
from sandbox.zapi.body import Refused, json_object, required_flag, required_text
from sandbox.zapi.instances import EVERY_TYPE, WEBHOOKS, Denied, Instances
from sandbox.zapi.outgoing import Outgoing

DONE = {"value": True}
CONNECTED_TEXT = "You are already connected."
DISCONNECTED_TEXT = "You are not connected."
BATCH_LIMIT = 50_000


def add_routes(calls: Blueprint, instances: Instances, outgoing: Outgoing) -> None:
    """Every documented call that the product may make."""
    _admission(calls, instances)
    _instance(calls, instances, outgoing)
    _chats(calls, outgoing)
    _contacts(calls, outgoing)
    _queue(calls, outgoing)
    _webhooks(calls, instances)


def _admission(calls: Blueprint, instances: Instances) -> None:
    @calls.url_value_preprocessor
    def take_credentials(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        g.credentials = ((values or {}).pop("instance_id"), (values or {}).pop("token"))

    @calls.before_request
    def admit() -> None:
        instance_id, token = g.credentials
        g.instance = instances.admit(instance_id, token, request.headers.get("Client-Token"))

    @calls.errorhandler(Denied)
    def denied(error: Denied) -> tuple[Response, int]:
        return jsonify(error=error.text), error.status

    @calls.errorhandler(Refused)
    def refused(error: Refused) -> tuple[Response, int]:
        return jsonify(error=str(error)), 400


def _instance(calls: Blueprint, instances: Instances, outgoing: Outgoing) -> None:
    @calls.get("/status")
    def status() -> Response:
        on = bool(g.instance["connected"])
        text = CONNECTED_TEXT if on else DISCONNECTED_TEXT
        return jsonify(connected=on, error=text, smartphoneConnected=on)

    @calls.get("/me")
    def me() -> Response:
        return jsonify(_about(g.instance, instances))

    @calls.get("/device")
    def device() -> Response:
        return jsonify(
            phone=g.instance["phone"],
            imgUrl=None,
            name="Empresa Fictícia",
            device={"sessionName": "Sandbox", "device_model": "Telefone de teste"},
            originalDevice="smba",
            sessionId=1,
            isBusiness=True,
        )

    @calls.get("/qr-code")
    def qr_text() -> Response:
        return _unless_connected(Response(_pairing_text(g.instance), mimetype="text/plain"))

    @calls.get("/qr-code/image")
    def qr_image() -> Response:
        image = segno.make(_pairing_text(g.instance)).png_data_uri(scale=6)
        return _unless_connected(jsonify(value=image))

    @calls.get("/phone-code/<phone>")
    def phone_code(phone: str) -> Response:
        del phone
        return _unless_connected(jsonify(code="TEST-0001"))

    @calls.get("/restart")
    def restart() -> Response:
        if g.instance["connected"]:
            outgoing.connect(g.instance, connected=True, again=True)
        return jsonify(DONE)

    @calls.get("/disconnect")
    def disconnect() -> Response:
        outgoing.connect(g.instance, connected=False)
        return jsonify(DONE)


def _chats(calls: Blueprint, outgoing: Outgoing) -> None:
    store = outgoing.store

    @calls.post("/read-message")
    def read_message() -> tuple[str, int]:
        body = json_object()
        required_text(body, "phone")
        store.annotate(required_text(body, "messageId"), read=True)
        return "", 204

    @calls.post("/modify-chat")
    def modify_chat() -> Response:
        body = json_object()
        action = required_text(body, "action")
        key = _known_phone(store, required_text(body, "phone"))["key"]
        if action == "read":
            for message in store.messages(key):
                if message["sender"] == "customer":
                    store.annotate(message["id"], read=True)
        return jsonify(DONE)

    @calls.delete("/messages")
    def delete_message() -> tuple[str, int]:
        arguments = {name: request.args.get(name) for name in ("messageId", "phone", "owner")}
        if not g.instance["connected"]:
            raise Refused(DISCONNECTED_TEXT)
        message_id, phone = (required_text(arguments, name) for name in ("messageId", "phone"))
        outgoing.delete(g.instance, message_id, phone, required_text(arguments, "owner") == "true")
        return "", 204


def _contacts(calls: Blueprint, outgoing: Outgoing) -> None:
    @calls.get("/phone-exists/<phone>")
    def phone_exists(phone: str) -> Response:
        found = _looked_up(outgoing, phone)
        return jsonify([{"exists": found["exists"], "phone": phone, "lid": found["lid"]}])

    @calls.post("/phone-exists-batch")
    def phone_exists_batch() -> Response:
        phones = json_object().get("phones")
        if not isinstance(phones, list) or len(phones) > BATCH_LIMIT:
            raise Refused(f"phones must be a list of up to {BATCH_LIMIT} numbers")
        return jsonify([_looked_up(outgoing, str(phone)) for phone in phones])


def _queue(calls: Blueprint, outgoing: Outgoing) -> None:
    @calls.post("/queue")
    def queue() -> Response:
        body = json_object()
        size, after = body.get("pageSize", 20), body.get("pagingState")
        if not isinstance(size, int) or not 1 <= size <= 30:
            raise Refused("pageSize must be a number from 1 to 30")
        start = int(after) if isinstance(after, str) and after.isdigit() else 0
        page = outgoing.queued(g.instance, after=start, limit=size + 1)
        more = len(page) > size
        return jsonify(
            messages=[_queued(sent) for sent in page[:size]],
            pagingState=str(page[size - 1]["seq"]) if more else None,
            hasMore=more,
        )

    @calls.delete("/queue")
    @calls.delete("/queue/<zaap_id>")
    def clear(zaap_id: str = "") -> Response:
        outgoing.clear_queue(g.instance, zaap_id)
        return jsonify(DONE)


def _webhooks(calls: Blueprint, instances: Instances) -> None:
    names = ", ".join(f'"{name}"' for name in WEBHOOKS)

    @calls.put(f"/update-webhook-<any({names}):name>")
    def update_webhook(name: str) -> Response:
        instances.set_webhooks(g.instance, WEBHOOKS[name], _address(json_object()))
        if name == "received-delivery":
            instances.set_option(g.instance, notify=True)
        return jsonify(DONE)

    @calls.put("/update-every-webhooks")
    def update_every() -> Response:
        body = json_object()
        instances.set_webhooks(g.instance, EVERY_TYPE, _address(body))
        if "notifySentByMe" in body:
            instances.set_option(g.instance, notify=required_flag(body, "notifySentByMe"))
        return jsonify(DONE)

    @calls.put("/update-notify-sent-by-me")
    def update_notify() -> Response:
        instances.set_option(g.instance, notify=required_flag(json_object(), "notifySentByMe"))
        return jsonify(DONE)

    @calls.put("/update-auto-read-message")
    def update_auto_read() -> Response:
        instances.set_option(g.instance, auto_read=required_flag(json_object(), "value"))
        return jsonify(DONE)

    @calls.post("/privacy/read-receipts")
    def read_receipts() -> Response:
        value = request.args.get("value")
        if value not in ("enable", "disable"):
            raise Refused("value must be enable or disable")
        instances.set_option(g.instance, read_receipts=value == "enable")
        return jsonify(DONE)


def _about(instance: Row, instances: Instances) -> dict[str, Any]:
    def url(kind: str) -> str:
        return instances.webhook_url(instance, kind)

    return {
        "id": instance["id"],
        "token": instance["token"],
        "name": "Sandbox",
        "due": now_ms() + 30 * 86_400_000,
        "connected": bool(instance["connected"]),
        "paymentStatus": "PAID",
        "created": instance["created"],
        "connectedCallbackUrl": url("ConnectedCallback"),
        "deliveryCallbackUrl": url("DeliveryCallback"),
        "disconnectedCallbackUrl": url("DisconnectedCallback"),
        "messageStatusCallbackUrl": url("MessageStatusCallback"),
        "presenceChatCallbackUrl": url("PresenceChatCallback"),
        "receivedCallbackUrl": url("ReceivedCallback"),
        "receiveCallbackSentByMe": instance["options"]["notify"],
        "autoReadMessage": instance["options"]["auto_read"],
        "callRejectAuto": False,
        "callRejectMessage": None,
    }


def _pairing_text(instance: Row) -> str:
    # A code is good for about twenty seconds, as the vendor's.
    return f"sandbox:{instance['id']}:{int(time.time()) // 20}"


def _unless_connected(answer: Response) -> Response:
    return jsonify(connected=True) if g.instance["connected"] else answer


def _known_phone(store: Store, address: str) -> Row:
    try:
        return store.phone(address)
    except BadNumber as error:
        raise Refused("invalid phone number") from error


def _looked_up(outgoing: Outgoing, number: str) -> dict[str, Any]:
    absent = {"exists": False, "inputPhone": number, "outputPhone": number, "lid": None}
    try:
        if outgoing.is_invalid(digits_of(number)):
            return absent
        phone = outgoing.store.phone(number)
    except BadNumber:
        return absent
    return {
        "exists": True,
        "inputPhone": number,
        "outputPhone": phone["number"],
        "lid": phone["lid"],
    }


def _queued(sent: Row) -> dict[str, Any]:
    body = json.loads(sent["body"])
    return {
        "zaapId": sent["queue_id"],
        "messageId": sent["message_id"],
        "phone": sent["phone"],
        "message": body.get("message", sent["text"]),
        "delayMessage": body.get("delayMessage"),
        "created": sent["at"],
    }


def _address(body: dict[str, Any]) -> str:
    value = required_text(body, "value")
    if not value.startswith(("https://", "http://")):
        raise Refused("value must be a valid url")
    return value
