"""From the product to the telephone: sends, their queue, the connection that lets them out."""

import json
import secrets
from typing import Any

import gevent

from sandbox.files import Files
from sandbox.numbers import BadNumber
from sandbox.store import Row, now_ms
from sandbox.webhooks import Webhook
from sandbox.zapi import callbacks, sent_files
from sandbox.zapi.wire import Wire, new_id

QUEUE_LIMIT = 1000
BAD_NUMBER = "Message has not been sent because it got invalid phone number"
NO_SUCH_PHONE = "Phone number does not exist"
INVALID_MEDIA = "Message not send caused by invalid media url"


class Outgoing:
    """Sends of the instances, and the coming and going of their connection."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self.store = wire.store
        self._free_at: dict[str, int] = {}

    def reset(self) -> None:
        """Forget the spacing of sends."""
        self._free_at.clear()

    def queue_is_full(self, instance: Row) -> bool:
        """Whether a disconnected number has as many waiting as Z-API holds."""
        return not instance["connected"] and self.waiting(instance) >= QUEUE_LIMIT

    def waiting(self, instance: Row) -> int:
        """How many sends wait for the number to come back."""
        found = self.store.row(
            "select count(*) as n from outbox where account = ? and state = 'waiting'",
            instance["id"],
        )
        return int(found["n"]) if found else 0

    def accept(
        self, instance: Row, method: str, body: dict[str, Any], text: str, fault: str = ""
    ) -> Row:
        """Take a send into the outbox and, while connected, on its way; returns the outbox row."""
        sent: Row = {
            "vendor": "zapi",
            "account": instance["id"],
            "method": method,
            "phone": str(body["phone"]),
            "text": text,
            "message_id": new_id(),
            "queue_id": secrets.token_hex(16).upper(),
            "at": now_ms(),
            "body": callbacks.as_text(body),
        }
        seq = self.store.insert("outbox", **sent)
        sent["seq"] = seq
        self._show(sent, body)
        if instance["connected"]:
            self._fire(instance, sent, fault)
        return sent

    def _show(self, sent: Row, body: dict[str, Any]) -> None:
        """Put a send on its telephone: a bubble, a changed bubble, or a reaction."""
        method, target = sent["method"], body.get("messageId")
        if method == "send-reaction" or method == "send-remove-reaction":
            return self.store.annotate(str(target), company_reaction=body.get("reaction", ""))
        edited = body.get("editMessageId") or body.get("editDocumentMessageId")
        if edited:
            return self.store.edit(str(edited), sent["text"])
        try:
            phone = self.store.phone(sent["phone"])
        except BadNumber:
            return None
        self.store.insert(
            "messages",
            id=sent["message_id"],
            phone=phone["key"],
            vendor="zapi",
            account=sent["account"],
            sender="company",
            kind=method.removeprefix("send-").partition("/")[0],
            text=sent["text"],
            status="queued",
            at=sent["at"],
            extra={"reference": target} if target else {},
        )
        return None

    def fire_queue(self, instance: Row) -> None:
        """What waited while the number was away goes out by itself."""
        for sent in self.store.rows(
            "select * from outbox where account = ? and state = 'waiting' order by seq",
            instance["id"],
        ):
            self._fire(instance, sent)

    def queued(self, instance: Row, after: int, limit: int) -> list[Row]:
        """A page of what waits, oldest first, after the row `after`."""
        return self.store.rows(
            "select * from outbox where account = ? and state = 'waiting' and seq > ?"
            " order by seq limit ?",
            instance["id"],
            after,
            limit,
        )

    def clear_queue(self, instance: Row, queue_id: str = "") -> None:
        """Drop waiting sends, all or one; they never reach the telephone."""
        waiting = self.store.rows(
            "select * from outbox where account = ? and state = 'waiting'"
            " and (? = '' or queue_id = ?)",
            instance["id"],
            queue_id,
            queue_id,
        )
        for sent in waiting:
            self.store.run("update outbox set state = 'cancelled' where seq = ?", sent["seq"])
            self.store.raise_status(sent["message_id"], "failed", "retirada da fila")

    def _fire(self, instance: Row, sent: Row, fault: str = "") -> None:
        self.store.run("update outbox set state = 'fired' where seq = ?", sent["seq"])
        body = json.loads(sent["body"])
        start = max(now_ms(), self._free_at.get(instance["id"], 0))
        start += _seconds(body, "delayTyping")
        gap = _seconds(body, "delayMessage") or self._wire.settings.gap_ms
        self._free_at[instance["id"]] = start + gap
        error = fault or self._refusal(sent["phone"])
        if not error and sent_files.is_far(sent["method"], body):
            gevent.spawn(self._leave, instance, sent, body, start)  # accepted before it is fetched
        else:
            self._leave(instance, sent, body, start, error)

    def _leave(
        self, instance: Row, sent: Row, body: dict[str, Any], start: int, error: str = ""
    ) -> None:
        error = error or self._bring(sent, body)
        self._wire.courier.send(self._ticks(instance, sent, body, start, error))

    def _refusal(self, address: str) -> str:
        if not address.replace("@lid", "").replace("-", "").removesuffix("group").isdigit():
            return BAD_NUMBER
        if self.is_invalid(address):
            return NO_SUCH_PHONE
        return ""

    def _bring(self, sent: Row, body: dict[str, Any]) -> str:
        """Fetch what a send carries and show it on the telephone; why that could not be done."""
        try:
            found = sent_files.file_of(sent["method"], body)
        except sent_files.Unfetchable:
            return INVALID_MEDIA
        if found:
            kept = Files(self.store, self._wire.settings).keep(*found)
            facts = {name: kept[name] for name in ("name", "type", "url")}
            self.store.annotate(sent["message_id"], file=facts)
        return ""

    def is_invalid(self, number: str) -> bool:
        """Whether a number ends like those that have no WhatsApp."""
        return number.endswith(tuple(self._wire.settings.invalid_suffixes))

    def _ticks(
        self, instance: Row, sent: Row, body: dict[str, Any], start: int, error: str
    ) -> list[Webhook]:
        s, made = self._wire.settings, []
        phone = self._wire.phone(sent["phone"])
        key = phone["key"] if phone else None
        if s.delivery_ms is not None:
            payload = callbacks.delivery(instance, sent, error)
            effect = "failed" if error else None
            made.append(
                self._wire.webhook(
                    instance, payload, key, sent["message_id"], start + s.delivery_ms, effect=effect
                )
            )
        if error or phone is None:
            return made
        if instance["options"]["notify"] and s.echo_ms is not None:
            content = callbacks.sent_content(sent["method"], body, sent["text"])
            fields = {"fromApi": True, "phone": sent["phone"]} | callbacks.FROM_ME | content
            # An edit bears the name of the message that it edits.
            edited = body.get("editMessageId") or body.get("editDocumentMessageId")
            fields |= {"isEdit": True} if edited else {}
            echo = callbacks.received(instance, phone, edited or sent["message_id"], fields)
            made.append(
                self._wire.webhook(instance, echo, key, sent["message_id"], start + s.echo_ms)
            )
        return made + self._wire.statuses(instance, phone, sent["phone"], sent["message_id"], start)

    def delete(self, instance: Row, message_id: str, address: str, is_own: bool) -> None:
        """Delete a message for everyone; of one's own the product is told, as of a send."""
        self.store.annotate(message_id, deleted=True)
        phone, s = self._wire.phone(address), self._wire.settings
        if not is_own or phone is None or not instance["options"]["notify"] or s.echo_ms is None:
            return
        notice = callbacks.revocation(instance, phone, message_id)
        due = now_ms() + s.echo_ms
        self._wire.courier.send(
            [self._wire.webhook(instance, notice, phone["key"], message_id, due)]
        )

    def connect(self, instance: Row, connected: bool, again: bool = False) -> None:
        """Change the connection and say so; coming back fires the queue and brings what waited."""
        if bool(instance["connected"]) == connected and not again:
            return
        self._wire.instances.set_connected(instance["id"], connected)
        now = self._wire.instances.find(instance["id"]) or instance
        payload = callbacks.connection(now, connected)
        self._wire.courier.send([self._wire.webhook(now, payload, None, None)])
        if connected:
            self._wire.courier.release(instance["id"])
            self.fire_queue(now)


def _seconds(body: dict[str, Any], name: str) -> int:
    return int(float(body.get(name) or 0) * 1000)
