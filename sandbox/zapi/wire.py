"""The wire of an instance: ids, webhooks on their way to the product, the ticks of a message."""

import secrets
from typing import Any

from sandbox.numbers import BadNumber
from sandbox.store import Row
from sandbox.webhooks import Webhook
from sandbox.world import World
from sandbox.zapi import callbacks
from sandbox.zapi.instances import Instances


def new_id() -> str:
    """A message id of WhatsApp's look."""
    return "3EB0" + secrets.token_hex(9).upper()


class Wire:
    """What outgoing and incoming traffic share."""

    def __init__(self, world: World, instances: Instances) -> None:
        self.store = world.store
        self.settings = world.settings
        self.courier = world.courier
        self.instances = instances

    def phone(self, address: str) -> Row | None:
        """The telephone at an address, or None where no telephone can be."""
        try:
            return self.store.phone(address)
        except BadNumber:
            return None

    def statuses(
        self, instance: Row, phone: Row, address: str, message_id: str, start: int
    ) -> list[Webhook]:
        """SENT, RECEIVED and READ of a company's message, each when its setting says."""
        s = self.settings
        read_ms = s.read_ms if instance["options"]["read_receipts"] else None
        steps = (
            ("SENT", "sent", s.sent_ms),
            ("RECEIVED", "delivered", s.received_ms),
            ("READ", "read", read_ms),
        )
        return [
            self.webhook(
                instance,
                callbacks.status(instance, address, message_id, name),
                phone["key"],
                message_id,
                start + delay,
                effect=effect,
            )
            for name, effect, delay in steps
            if delay is not None
        ]

    def webhook(
        self,
        instance: Row,
        payload: dict[str, Any],
        phone: str | None,
        message_id: str | None,
        due_at: int = 0,
        **options: Any,
    ) -> Webhook:
        """One callback for the instance's address of its type, stamped with when it is due."""
        kind = str(payload["type"])
        if due_at and "momment" in payload:
            payload = payload | {"momment": due_at}
        token = self.settings.webhook_token
        return Webhook(
            vendor="zapi",
            account=instance["id"],
            lane=f"{instance['id']}/{phone or ''}",
            url=self.instances.webhook_url(instance, kind),
            type=kind,
            payload=payload,
            headers={"z-api-token": token} if token else {},
            phone=phone,
            message_id=message_id,
            due_at=due_at,
            **options,
        )
