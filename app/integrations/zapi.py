"""Z-API: sending through an instance. What its webhooks mean is in `zapi_events`."""

from mimetypes import guess_extension
from pathlib import PurePath
from typing import Any
from urllib.parse import quote, urlencode

from app.integrations import http, zapi_instance
from app.integrations.base import Accepted, FileToSend, IntegrationError, Outcome, Waiting
from app.integrations.zapi_events import envelope, parse
from app.integrations.zapi_text import explain

__all__ = ["ZapiMessenger", "envelope", "parse"]


class ZapiMessenger:
    """One instance, which is one WhatsApp number paired by QR code."""

    def __init__(self, base_url: str, instance_id: str, token: str, client_token: str) -> None:
        path = f"instances/{quote(instance_id, safe='')}/token/{quote(token, safe='')}"
        self._address = f"{base_url.rstrip('/')}/{path}"
        self._headers = {"Client-Token": client_token} if client_token else {}
        self._subject = f"instance:{instance_id}"

    def send_text(self, to: str, text: str, subject: str, reply_to: str | None = None) -> Accepted:
        """Queue a text at the provider; raises IntegrationError. There is no idempotency key."""
        return self._send("send-text", subject, {"phone": to, "message": text}, reply_to)

    def send_file(
        self, to: str, file: FileToSend, subject: str, reply_to: str | None = None
    ) -> Accepted:
        """Queue a file, which the provider fetches by itself; raises IntegrationError."""
        method, payload = f"send-{file.kind}", {"phone": to, file.kind: file.address}
        if file.caption:
            payload["caption"] = file.caption
        if file.kind == "document":
            method += f"/{_extension(file)}"
            payload["fileName"] = file.name
        return self._send(method, subject, payload, reply_to)

    def react(self, to: str, message_id: str, emoji: str, subject: str) -> Accepted:
        """Set or (with an empty emoji) remove our reaction; raises IntegrationError."""
        payload = {"phone": to, "messageId": message_id}
        if not emoji:
            return self._send("send-remove-reaction", subject, payload, None)
        return self._send("send-reaction", subject, payload | {"reaction": emoji}, None)

    def edit_text(self, to: str, message_id: str, text: str, subject: str) -> Accepted:
        """Replace the text of what was sent; the provider wants its webhooks configured."""
        payload = {"phone": to, "message": text, "editMessageId": message_id}
        return self._send("send-text", subject, payload, None)

    def delete(self, to: str, message_id: str, subject: str) -> None:
        """Delete for everyone what the account itself sent; the answer is empty."""
        asked = urlencode({"messageId": message_id, "phone": to, "owner": "true"})
        self._call("DELETE", f"messages?{asked}", subject, None)

    def _send(
        self, method: str, subject: str, payload: dict[str, str], reply_to: str | None
    ) -> Accepted:
        answers = {"messageId": reply_to} if reply_to else {}
        body = self._call("POST", method, subject, payload | answers)
        ids = body if isinstance(body, dict) else {}
        provider_id = ids.get("messageId") or ids.get("id")
        if not isinstance(provider_id, str):
            raise IntegrationError(explain(200, ""), Outcome.UNKNOWN, 200)
        queue_id = ids.get("zaapId")
        return Accepted(provider_id, queue_id if isinstance(queue_id, str) else None)

    def is_connected(self) -> bool:
        """Whether the number is connected to WhatsApp; raises IntegrationError.

        Only `connected` counts: `error` is filled with a text even when all is well.
        """
        body = self._call("GET", "status", self._subject, None)
        connected = body.get("connected") if isinstance(body, dict) else None
        if not isinstance(connected, bool):
            raise IntegrationError(explain(200, ""), Outcome.UNKNOWN, 200)
        return connected

    def is_phone_connected(self) -> bool:
        """Whether the telephone itself is reachable."""
        return zapi_instance.is_phone_connected(self._of_instance)

    def qr_code(self) -> str | None:
        """The picture to be scanned; None when the number is connected already."""
        return zapi_instance.qr_code(self._of_instance)

    def own_phone(self) -> str:
        """The number paired with the instance."""
        return zapi_instance.own_phone(self._of_instance)

    def webhooks_elsewhere(self, address: str) -> list[str]:
        """Which kinds of webhooks do not come to this address."""
        return zapi_instance.elsewhere(self._of_instance, address)

    def point_webhooks(self, address: str) -> None:
        """Have all webhooks come to this address."""
        zapi_instance.point_webhooks(self._of_instance, address)

    def waiting(self) -> tuple[list[Waiting], bool]:
        """What the provider still holds, and whether there is more."""
        return zapi_instance.waiting(self._of_instance)

    def clear_queue(self) -> None:
        """Have the provider drop what it still holds."""
        zapi_instance.clear_queue(self._of_instance)

    def _of_instance(self, method: str, path: str, payload: Any) -> Any:
        return self._call(method, path, self._subject, payload)

    def _call(self, method: str, path: str, subject: str, payload: Any) -> Any:
        return http.call(
            "zapi",
            method,
            f"{self._address}/{path}",
            subject=subject,
            explain=explain,
            headers=self._headers,
            payload=payload,
        )


def _extension(file: FileToSend) -> str:
    """What Z-API wants in the path of a document: the ending of its name, else of its type."""
    ending = PurePath(file.name).suffix or guess_extension(file.type) or ""
    plain = "".join(filter(str.isalnum, ending.lower()))
    return plain[:8] or "bin"
