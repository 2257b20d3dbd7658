"""Finding channels: by the instance a webhook names, or by the secret in its address."""

from sqlalchemy import BindParameter, Executable, bindparam, or_, select

from app import rows
from app.channels.models import Channel
from app.extensions import current_settings, db
from app.integrations import providers
from app.secrets import digest, same

_channels = Channel.metadata.tables[Channel.__tablename__]
# On the way of every webhook: built once. Credentials are decrypted only by who uses them.
_NEEDED = ("id", "kind", "instance_id", "active", "last_inbound_at")
_HASHES = ("webhook_secret_hash", "previous_secret_hash")
_LOOK = select(*(_channels.c[name] for name in (*_NEEDED, *_HASHES)))
_hashed: BindParameter[str] = bindparam("hashed")
_BY_INSTANCE = _LOOK.where(_channels.c.instance_id == bindparam("instance_id"))
_BY_SECRET = _LOOK.where(
    or_(_channels.c.webhook_secret_hash == _hashed, _channels.c.previous_secret_hash == _hashed)
)

SECRET_ADDRESS = "secret_address"  # noqa: S105 - what proved the sender, not a secret
PREVIOUS_SECRET_ADDRESS = "previous_secret_address"  # noqa: S105 - likewise


def environment_channel() -> Channel | None:
    """The channel of the environment's instance."""
    instance_id, _, _ = providers.environment_instance(current_settings())
    return by_instance(instance_id) if instance_id else None


def by_instance(instance_id: str) -> Channel | None:
    """The channel of a provider's instance."""
    return _found(_BY_INSTANCE, instance_id=instance_id)


def names() -> dict[int, str]:
    """What every channel is called, by its id."""
    found = db.session.execute(select(Channel.id, Channel.name).order_by(Channel.name)).all()
    return {row.id: row.name for row in found}


def by_secret(secret: str) -> tuple[Channel, str] | None:
    """The channel whose webhook address holds this secret, and which secret it was.

    The look-up is by hash; the hashes are then compared in constant time.
    """
    hashed = digest(secret)
    channel = _found(_BY_SECRET, hashed=hashed)
    if channel is None:
        return None
    if same(channel.webhook_secret_hash, hashed):
        return channel, SECRET_ADDRESS
    if channel.previous_secret_hash and same(channel.previous_secret_hash, hashed):
        return channel, PREVIOUS_SECRET_ADDRESS
    return None


def _found(statement: Executable, **given: str) -> Channel | None:
    columns = rows.execute(statement, given).mappings().one_or_none()
    return rows.present(Channel, dict(columns)) if columns else None
