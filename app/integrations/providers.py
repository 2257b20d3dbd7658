"""Which vendor carries a channel of each kind: the only place that chooses."""

from typing import Any

from app.integrations import chatwoot, zapi
from app.integrations.base import Envelope, Event, Messenger
from app.settings import Settings

KINDS = ("zapi",)


def messenger(
    kind: str, settings: Settings, instance_id: str, token: str, client_token: str
) -> Messenger:
    """What sends through one instance."""
    _known(kind)
    return zapi.ZapiMessenger(settings.zapi_base_url, instance_id, token, client_token)


def parse(kind: str, payload: dict[str, Any]) -> list[Event]:
    """The events of a webhook; raises BadPayload when it holds nothing to keep."""
    _known(kind)
    return zapi.parse(payload)


def envelope(kind: str, payload: dict[str, Any]) -> Envelope:
    """What tells this webhook from others."""
    _known(kind)
    return zapi.envelope(payload)


def misdirected(payload: dict[str, Any]) -> str | None:
    """Another system's webhook at the open address: what its sender is told, else None."""
    return chatwoot.WRONG_ENDPOINT if chatwoot.is_webhook(payload) else None


def environment_instance(settings: Settings) -> tuple[str, str, str]:
    """Id, token and account token of the instance that the environment names; empty if none."""
    return (
        settings.zapi_instance_id,
        settings.zapi_instance_token,
        settings.zapi_client_token,
    )


def environment_pace(settings: Settings) -> float:
    """Seconds between two sends of the environment's instance."""
    return settings.zapi_pace_seconds


def environment_webhook_secret(settings: Settings) -> str:
    """What the address of its webhooks ends in; empty where one is made."""
    return settings.zapi_webhook_secret


def _known(kind: str) -> None:
    if kind not in KINDS:
        raise ValueError(f"unknown kind of channel: {kind}")
