"""Webhook bodies for tests, as the provider sends them."""

from typing import Any


def received(text: str = "Olá", /, **fields: Any) -> dict[str, Any]:
    """A customer's text; `fields` replace and add."""
    body = {
        "type": "ReceivedCallback",
        "instanceId": "INST-TEST",
        "messageId": "WA-1",
        "phone": "554891234567",
        "fromMe": False,
        "isGroup": False,
        "momment": 1795252800000,
        "status": "RECEIVED",
        "senderName": "Marina",
        "chatName": "Marina",
        "text": {"message": text},
    }
    return {**body, **fields}
