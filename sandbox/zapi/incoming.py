"""From the telephone to the product: what customers, and the company's own phone, type."""

from typing import Any

from sandbox.store import Row, now_ms
from sandbox.zapi import callbacks, contents
from sandbox.zapi.wire import Wire, new_id

PLACEHOLDERS = {
    "image": "[imagem]",
    "audio": "[áudio]",
    "video": "[vídeo]",
    "document": "[documento]",
    "location": "[localização]",
    "contact": "[contato]",
    "sticker": "[figurinha]",
    "poll": "[enquete]",
    "vote": "[voto]",
}


class Incoming:
    """Receptions of the instances."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def customer_wrote(self, phone: Row, draft: dict[str, Any]) -> Row:
        """A customer's message: a row on the phone and a ReceivedCallback on its way."""
        instance = self._wire.instances.find(draft["account"]) or {}
        message_id = draft["edits"] or draft["messageId"] or new_id()
        reference = draft["reference"] or self._last_from_company(phone)
        fields = contents.fields(draft, reference, phone) | draft["raw"]
        if draft["momment"]:
            fields["momment"] = draft["momment"]
        payload = callbacks.received(instance, phone, message_id, fields)
        self._note_customer(phone, draft, message_id, reference)
        self._wire.courier.send(
            [
                self._wire.webhook(
                    instance,
                    payload,
                    phone["key"],
                    message_id,
                    copies=draft["copies"],
                    settles=message_id,
                    held=not instance["connected"],
                )
            ]
        )
        return self._wire.store.message(message_id) or {}

    def _note_customer(
        self, phone: Row, draft: dict[str, Any], message_id: str, reference: str
    ) -> None:
        kind, text = draft["kind"], draft["text"]
        known = self._wire.store.message(message_id)
        if known and (draft["edits"] or draft["raw"].get("isEdit")):
            return self._wire.store.edit(message_id, text)
        if known:
            return None
        if kind == "reaction":
            self._wire.store.annotate(reference, customer_reaction=text)
        if kind == "revoke":
            self._wire.store.annotate(reference, deleted=True)
        if kind == "vote":
            self._wire.store.annotate(reference, voted=draft["options"])
        label = PLACEHOLDERS.get(kind, "")
        self._wire.store.insert(
            "messages",
            id=message_id,
            phone=phone["key"],
            vendor="zapi",
            account=draft["account"],
            sender="customer",
            kind=kind,
            text=f"{label} {text}".strip(),
            status="pending",
            at=now_ms(),
            extra=_facts(draft, reference),
        )
        return None

    def _last_from_company(self, phone: Row) -> str:
        found = self._wire.store.row(
            "select id from messages where phone = ? and sender = 'company' order by seq desc",
            phone["key"],
        )
        return str(found["id"]) if found else ""

    def company_wrote(self, phone: Row, draft: dict[str, Any]) -> Row:
        """An answer typed on the company's own telephone, which the product hears as an echo."""
        instance = self._wire.instances.find(draft["account"]) or {}
        message_id = draft["messageId"] or new_id()
        self._wire.store.insert(
            "messages",
            id=message_id,
            phone=phone["key"],
            vendor="zapi",
            account=instance["id"],
            sender="company",
            kind="text",
            text=draft["text"],
            status="queued",
            at=now_ms(),
            extra={"typed_by_hand": True},
        )
        fields = {"text": {"message": draft["text"]}} | callbacks.FROM_ME | draft["raw"]
        echo = callbacks.received(instance, phone, message_id, fields)
        held = not instance["connected"]
        made = self._wire.statuses(instance, phone, echo["phone"], message_id, now_ms())
        if instance["options"]["notify"]:
            made.insert(0, self._wire.webhook(instance, echo, phone["key"], message_id))
        self._wire.courier.send([webhook._replace(held=held) for webhook in made])
        return self._wire.store.message(message_id) or {}

    def presence(self, instance: Row, phone: Row, state: str) -> None:
        """A customer is typing, recording, online or away."""
        payload = callbacks.presence(instance, phone, state)
        self._wire.courier.send([self._wire.webhook(instance, payload, phone["key"], None)])


def _facts(draft: dict[str, Any], reference: str) -> dict[str, Any]:
    """What the telephone shows of a message besides its words."""
    is_about = draft["reference"] or draft["kind"] in ("reaction", "revoke", "vote")
    facts: dict[str, Any] = {"reference": reference} if is_about else {}
    if draft["file"] and not draft["file"]["fault"]:  # the telephone itself has no broken copy
        facts["file"] = {name: draft["file"][name] for name in ("name", "type", "url")}
    if draft["kind"] == "poll":
        facts["options"] = draft["options"] or contents.OPTIONS
    return facts
