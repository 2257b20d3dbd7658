"""Chatwoot's webhooks, as far as they turn up where they do not belong."""

from typing import Any

WRONG_ENDPOINT = "chatwoot_webhook_on_wrong_endpoint"


def is_webhook(payload: dict[str, Any]) -> bool:
    """Whether this payload is one of Chatwoot's events and not a WhatsApp message."""
    return isinstance(payload.get("event"), str) and "phone" not in payload
