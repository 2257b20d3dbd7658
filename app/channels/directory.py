"""Finding channels: by the instance a webhook names, or by the secret in its address."""

from sqlalchemy import BindParameter, bindparam, or_, select
from sqlalchemy.orm import defer

from app.channels.models import Channel
from app.extensions import current_settings, db
from app.integrations import providers
from app.secrets import digest, same

# Credentials are decrypted only by who uses them: not on the way of every webhook.
_WITHOUT_SECRETS = (
    defer(Channel.instance_token),
    defer(Channel.client_token),
    defer(Channel.webhook_secret),
)
_hashed: BindParameter[str] = bindparam("hashed")
# On the way of every webhook: built once.
_BY_INSTANCE = (
    select(Channel)
    .where(Channel.instance_id == bindparam("instance_id"))
    .options(*_WITHOUT_SECRETS)
)
_BY_SECRET = (
    select(Channel)
    .where(or_(Channel.webhook_secret_hash == _hashed, Channel.previous_secret_hash == _hashed))
    .options(*_WITHOUT_SECRETS)
)

SECRET_ADDRESS = "secret_address"  # noqa: S105 - what proved the sender, not a secret
PREVIOUS_SECRET_ADDRESS = "previous_secret_address"  # noqa: S105 - likewise


def environment_channel() -> Channel | None:
    """The channel of the environment's instance."""
    instance_id, _, _ = providers.environment_instance(current_settings())
    return by_instance(instance_id) if instance_id else None


def by_instance(instance_id: str) -> Channel | None:
    """The channel of a provider's instance."""
    return db.session.scalar(_BY_INSTANCE, {"instance_id": instance_id})


def by_secret(secret: str) -> tuple[Channel, str] | None:
    """The channel whose webhook address holds this secret, and which secret it was.

    The look-up is by hash; the hashes are then compared in constant time.
    """
    hashed = digest(secret)
    channel = db.session.scalar(_BY_SECRET, {"hashed": hashed})
    if channel is None:
        return None
    if same(channel.webhook_secret_hash, hashed):
        return channel, SECRET_ADDRESS
    if channel.previous_secret_hash and same(channel.previous_secret_hash, hashed):
        return channel, PREVIOUS_SECRET_ADDRESS
    return None
