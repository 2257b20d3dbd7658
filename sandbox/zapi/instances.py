"""Z-API instances: credentials fixed at first sight, connection, webhook addresses, options."""

import hashlib
import hmac
import json
from typing import Any

from sandbox.settings import Settings
from sandbox.store import Row, Store, now_ms

# The setter's name after `update-webhook-` → the callback types that go to its address.
WEBHOOKS = {
    "received": ("ReceivedCallback",),
    "received-delivery": ("ReceivedCallback",),
    "delivery": ("DeliveryCallback",),
    "message-status": ("MessageStatusCallback",),
    "connected": ("ConnectedCallback",),
    "disconnected": ("DisconnectedCallback",),
    "chat-presence": ("PresenceChatCallback",),
}
EVERY_TYPE = tuple(dict.fromkeys(kind for kinds in WEBHOOKS.values() for kind in kinds))


class Denied(Exception):
    """Credentials that Z-API would refuse; carries the status and the error text."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


class Instances:
    """The rows of `zapi_instances`."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    def ensure_own(self) -> None:
        """The instance of the environment exists, with the environment's credentials."""
        own = self._settings
        if self.find(own.zapi_instance_id) is None:
            self._create(own.zapi_instance_id, own.zapi_instance_token, own.zapi_client_token)
        self._store.run(
            "update zapi_instances set token = ?, client_token = ? where id = ?",
            own.zapi_instance_token,
            own.zapi_client_token,
            own.zapi_instance_id,
        )

    def admit(self, instance_id: str, token: str, client_token: str | None) -> Row:
        """The instance called, made at its first call; raises Denied for wrong credentials."""
        if not client_token:
            raise Denied(403, "null not allowed")
        found = self.find(instance_id)
        if found is None:
            return self._create(instance_id, token, client_token)
        if not _same(found["token"], token):
            raise Denied(404, "Instance not found")
        if not _same(found["client_token"], client_token):
            raise Denied(403, f"{client_token[:64]} not allowed")
        return found

    def find(self, instance_id: str) -> Row | None:
        """One instance, its JSON columns decoded."""
        row = self._store.row("select * from zapi_instances where id = ?", instance_id)
        if row is None:
            return None
        options = self._defaults() | json.loads(row["options"])
        return row | {"webhooks": json.loads(row["webhooks"]), "options": options}

    def listed(self) -> list[Row]:
        """Every instance without its secrets, the environment's first."""
        rows = self._store.rows("select id, phone, connected from zapi_instances order by created")
        own = self._settings.zapi_instance_id
        shown = [
            row | {"connected": bool(row["connected"]), "own": row["id"] == own} for row in rows
        ]
        return sorted(shown, key=lambda row: not row["own"])

    def set_connected(self, instance_id: str, connected: bool) -> None:
        """Write the connection's state down."""
        self._store.run(
            "update zapi_instances set connected = ? where id = ?", connected, instance_id
        )

    def set_option(self, instance: Row, **options: Any) -> None:
        """Change options such as `notify` and `read_receipts`."""
        kept = self._store.row("select options from zapi_instances where id = ?", instance["id"])
        merged = json.loads(kept["options"]) | options if kept else options
        self._store.run(
            "update zapi_instances set options = ? where id = ?",
            json.dumps(merged),
            instance["id"],
        )

    def set_webhooks(self, instance: Row, kinds: tuple[str, ...], url: str) -> None:
        """Send callbacks of these types to `url` from now on."""
        merged = instance["webhooks"] | dict.fromkeys(kinds, url)
        self._store.run(
            "update zapi_instances set webhooks = ? where id = ?",
            json.dumps(merged),
            instance["id"],
        )

    def webhook_url(self, instance: Row, kind: str) -> str:
        """Where a callback of this type goes; `{instance}` in the default is filled in."""
        default = self._settings.webhook_url.replace("{instance}", instance["id"])
        return str(instance["webhooks"].get(kind) or default)

    def _create(self, instance_id: str, token: str, client_token: str) -> Row:
        suffix = int.from_bytes(hashlib.sha256(instance_id.encode()).digest()[:4], "big") % 10_000
        self._store.insert(
            "zapi_instances",
            id=instance_id,
            token=token,
            client_token=client_token,
            phone=f"55003333{suffix:04}",
            created=now_ms(),
        )
        return self.find(instance_id) or {}

    def _defaults(self) -> Row:
        return {
            "notify": self._settings.notify_sent_by_me,
            "auto_read": False,
            "read_receipts": True,
        }


def _same(kept: str, given: str) -> bool:
    return hmac.compare_digest(kept.encode(), given.encode())
