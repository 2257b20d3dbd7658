"""Finding channels: by the instance a webhook names, or by the secret in its address."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from app import rows
from app.channels.models import Channel
from app.company import memory
from app.extensions import current_settings, db
from app.integrations import providers
from app.secrets import digest, same

_channels = Channel.metadata.tables[Channel.__tablename__]
# On the way of every webhook: kept in the company's memory. Credentials are decrypted only by who
# uses them.
_NEEDED = ("id", "kind", "instance_id", "active", "last_inbound_at")
_HASHES = ("webhook_secret_hash", "previous_secret_hash")
_LOOK = select(*(_channels.c[name] for name in (*_NEEDED, *_HASHES)))

SECRET_ADDRESS = "secret_address"  # noqa: S105 - what proved the sender, not a secret
PREVIOUS_SECRET_ADDRESS = "previous_secret_address"  # noqa: S105 - likewise


def environment_channel() -> Channel | None:
    """The channel of the environment's instance."""
    instance_id, _, _ = providers.environment_instance(current_settings())
    return by_instance(instance_id) if instance_id else None


def by_instance(instance_id: str) -> Channel | None:
    """The channel of a provider's instance."""
    return _found({"instance_id"}, instance_id)


def noted(channel_id: int, at: datetime) -> None:
    """It is written down that something arrived: this process need not write it again at once."""
    for columns in _known():
        if columns["id"] == channel_id:
            columns["last_inbound_at"] = at


def names() -> dict[int, str]:
    """What every channel is called, by its id."""
    found = db.session.execute(select(Channel.id, Channel.name).order_by(Channel.name)).all()
    return {row.id: row.name for row in found}


def by_secret(secret: str) -> tuple[Channel, str] | None:
    """The channel whose webhook address holds this secret, and which secret it was.

    The look-up is by hash; the hashes are then compared in constant time.
    """
    hashed = digest(secret)
    channel = _found(set(_HASHES), hashed)
    if channel is None:
        return None
    if same(channel.webhook_secret_hash, hashed):
        return channel, SECRET_ADDRESS
    if channel.previous_secret_hash and same(channel.previous_secret_hash, hashed):
        return channel, PREVIOUS_SECRET_ADDRESS
    return None


def _found(names: set[str], value: str) -> Channel | None:
    # What memory does not know may have been added by a process that died before it could say so.
    for source in (_known, _read):
        for columns in source():
            if any(columns[name] == value for name in names):
                return rows.present(Channel, columns)
    return None


def _known() -> list[dict[str, Any]]:
    return memory.remember("channels", _read)


def _read() -> list[dict[str, Any]]:
    return [dict(row) for row in rows.execute(_LOOK, {}).mappings()]
