"""Z-API: what can be asked of, and told to, an instance itself."""

from collections.abc import Callable
from typing import Any

from app.integrations.base import IntegrationError, Outcome, Waiting
from app.integrations.zapi_text import explain

# Of /me, which also holds the token: nothing else of it is ever kept.
ADDRESSES = (
    "receivedCallbackUrl",
    "deliveryCallbackUrl",
    "messageStatusCallbackUrl",
    "connectedCallbackUrl",
    "disconnectedCallbackUrl",
)
LONGEST_IMAGE = 200_000
QUEUE_PAGE = 30

Call = Callable[[str, str, Any], Any]


def qr_code(call: Call) -> str | None:
    """The picture to be scanned, as a data address; None when the number is connected already."""
    body = _object(call("GET", "qr-code/image", None))
    if body.get("connected") is True:
        return None
    image = body.get("value")
    if not isinstance(image, str) or len(image) > LONGEST_IMAGE:
        raise _unreadable()
    if not image.startswith("data:image/png;base64,"):
        raise _unreadable()
    return image


def own_phone(call: Call) -> str:
    """The number that is paired with the instance."""
    phone = _object(call("GET", "device", None)).get("phone")
    if not isinstance(phone, str) or not phone.isdecimal():
        raise _unreadable()
    return phone


def is_phone_connected(call: Call) -> bool:
    """Whether the telephone itself has internet: without it WhatsApp gives the pairing up."""
    return _object(call("GET", "status", None)).get("smartphoneConnected") is True


def elsewhere(call: Call, address: str) -> list[str]:
    """Which kinds of webhooks do not go to this address."""
    body = _object(call("GET", "me", None))
    return [name for name in ADDRESSES if body.get(name) != address]


def point_webhooks(call: Call, address: str) -> None:
    """Have every webhook come to this address, those of our own messages too."""
    call("PUT", "update-every-webhooks", {"value": address, "notifySentByMe": True})


def waiting(call: Call) -> tuple[list[Waiting], bool]:
    """The first of what the provider itself still holds, and whether there is more."""
    body = _object(call("POST", "queue", {"pageSize": QUEUE_PAGE}))
    rows = body.get("messages")
    if not isinstance(rows, list):
        raise _unreadable()
    shown = [
        Waiting(str(row.get("phone", ""))[:40], str(row.get("message") or "")[:200])
        for row in rows[:QUEUE_PAGE]
        if isinstance(row, dict)
    ]
    return shown, body.get("hasMore") is True


def clear_queue(call: Call) -> None:
    """Have the provider send nothing of what it still holds."""
    call("DELETE", "queue", None)


def _object(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise _unreadable()
    return body


def _unreadable() -> IntegrationError:
    return IntegrationError(explain(200, ""), Outcome.UNKNOWN, 200)
