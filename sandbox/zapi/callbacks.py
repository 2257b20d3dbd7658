"""The bodies of Z-API's webhooks."""

import json
from typing import Any

from sandbox.store import Row, now_ms

MEDIA = "https://media.exemplo.invalid"
FROM_ME = {"fromMe": True, "senderName": "Empresa", "status": "SENT"}


def received(instance: Row, phone: Row, message_id: str, fields: dict[str, Any]) -> dict[str, Any]:
    """A ReceivedCallback with every field of the envelope; `fields` replace and add."""
    chat = phone["lid"] if phone["use_lid"] else phone["number"]
    envelope: dict[str, Any] = {
        "isStatusReply": False,
        "chatLid": phone["lid"],
        "connectedPhone": instance["phone"],
        "waitingMessage": False,
        "isEdit": False,
        "isGroup": False,
        "isNewsletter": False,
        "instanceId": instance["id"],
        "messageId": message_id,
        "phone": chat,
        "fromMe": False,
        "momment": now_ms(),
        "status": "RECEIVED",
        "chatName": phone["name"] or None,
        "senderPhoto": None,
        "senderName": phone["name"] or None,
        "photo": None,
        "broadcast": False,
        "participantPhone": None,
        "participantLid": None,
        "referenceMessageId": None,
        "messageExpirationSeconds": 0,
        "externalAdReply": None,
        "forwarded": False,
        "type": "ReceivedCallback",
        "fromApi": False,
    }
    return envelope | fields


def delivery(instance: Row, sent: Row, error: str = "") -> dict[str, Any]:
    """A DeliveryCallback: handed to WhatsApp, or the reason why not."""
    body = {
        "phone": sent["phone"],
        "zaapId": sent["queue_id"],
        "messageId": sent["message_id"],
        "type": "DeliveryCallback",
        "instanceId": instance["id"],
        "momment": now_ms(),
    }
    return body | ({"error": error} if error else {})


def status(instance: Row, address: str, message_id: str, name: str) -> dict[str, Any]:
    """A MessageStatusCallback: SENT, RECEIVED, READ, READ_BY_ME or PLAYED."""
    return {
        "instanceId": instance["id"],
        "status": name,
        "ids": [message_id],
        "momment": now_ms(),
        "phoneDevice": 0,
        "phone": address,
        "type": "MessageStatusCallback",
        "isGroup": address.endswith("-group"),
    }


def connection(instance: Row, connected: bool) -> dict[str, Any]:
    """A Connected- or DisconnectedCallback; the latter's time is in seconds, as documented."""
    if connected:
        return {
            "type": "ConnectedCallback",
            "connected": True,
            "phone": instance["phone"],
            "momment": now_ms(),
            "instanceId": instance["id"],
        }
    return {
        "type": "DisconnectedCallback",
        "disconnected": True,
        "error": "Device has been disconnected",
        "momment": now_ms() // 1000,
        "instanceId": instance["id"],
    }


def presence(instance: Row, phone: Row, state: str) -> dict[str, Any]:
    """A PresenceChatCallback."""
    return {
        "type": "PresenceChatCallback",
        "phone": phone["lid"] if phone["use_lid"] else phone["number"],
        "status": state,
        "lastSeen": None,
        "instanceId": instance["id"],
    }


def sent_content(method: str, body: dict[str, Any], text: str) -> dict[str, Any]:
    """What an echo of a send carries: the text, or the media's address and caption."""
    kind = method.removeprefix("send-").partition("/")[0]
    if kind in ("reaction", "remove-reaction"):
        referenced = {"messageId": body["messageId"], "fromMe": False, "phone": body["phone"]}
        return {
            "reaction": {
                "value": body.get("reaction", ""),
                "time": now_ms(),
                "referencedMessage": referenced,
            }
        }
    if kind in ("image", "audio", "video", "document"):
        source = body[kind] if not str(body[kind]).startswith("data:") else f"{MEDIA}/enviado"
        return {kind: {f"{kind}Url": source, "caption": body.get("caption", "")}}
    return {"text": {"message": text}}


def revocation(instance: Row, phone: Row, message_id: str) -> dict[str, Any]:
    """The notice that the company deleted one of its messages for everyone."""
    fields = {"notification": "REVOKE", "notificationParameters": [], "fromApi": True} | FROM_ME
    return received(instance, phone, message_id, fields | {"referenceMessageId": message_id})


def as_text(payload: dict[str, Any]) -> str:
    """A payload as JSON, as it goes over the wire."""
    return json.dumps(payload, ensure_ascii=False)
