"""What can be done with channels; nothing else writes their table."""

import re
import secrets
from collections.abc import Callable
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from app.accounts import audit
from app.accounts.models import User
from app.channels import live
from app.channels.checking import check, check_all, check_one, check_soon, messenger_for
from app.channels.directory import by_instance, by_secret, environment_channel
from app.channels.models import Channel
from app.channels.state import note_inbound, note_state
from app.company import memory
from app.errors import Conflict, GuicheError, NotFound
from app.extensions import current_settings, db
from app.integrations import providers
from app.secrets import digest
from app.teams import queries as teams
from app.transactions import atomic, on_commit

__all__ = [
    "activate",
    "by_instance",
    "by_secret",
    "check",
    "check_all",
    "check_one",
    "check_soon",
    "create",
    "deactivate",
    "edit",
    "end_rotation",
    "ensure_environment_channel",
    "environment_channel",
    "find",
    "messenger_for",
    "note_inbound",
    "note_state",
    "reveal_webhook_address",
    "rotate_secret",
    "webhook_address",
]

_CREDENTIAL = re.compile(r"[A-Za-z0-9._-]{3,200}")


def ensure_environment_channel() -> Channel | None:
    """The channel of the environment's instance exists and is the only one marked so.

    Safe to run in several processes at once. None when the environment names no instance.
    """
    settings = current_settings()
    instance_id, _, _ = providers.environment_instance(settings)
    with atomic():
        db.session.execute(
            update(Channel)
            .where(Channel.is_environment, Channel.instance_id != instance_id)
            .values(is_environment=False, active=False, version=Channel.version + 1)
        )
        memory.forget()
        if not instance_id:
            return None
        chosen = providers.environment_webhook_secret(settings)
        secret = chosen or secrets.token_urlsafe(32)
        pace = providers.environment_pace(settings)
        new = insert(Channel).values(
            name="WhatsApp",
            instance_id=instance_id,
            is_environment=True,
            webhook_secret=secret,
            webhook_secret_hash=digest(secret),
            pace_seconds=pace,
        )
        again: dict[str, Any] = {"is_environment": True, "active": True, "pace_seconds": pace}
        changed = (~Channel.is_environment) | (Channel.pace_seconds != pace)
        if chosen:  # the environment's word, as for its other credentials
            again |= {"webhook_secret": chosen, "webhook_secret_hash": digest(chosen)}
            changed |= Channel.webhook_secret_hash != digest(chosen)
        db.session.execute(
            new.on_conflict_do_update(
                index_elements=["instance_id"],
                set_={**again, "version": Channel.version + 1},
                where=changed,
            )
        )
        return by_instance(instance_id)


def find(channel_id: int) -> Channel:
    """One channel; raises NotFound."""
    channel = db.session.get(Channel, channel_id)
    if channel is None:
        raise NotFound
    return channel


def create(
    by: User, name: str, instance_id: str, token: str, client_token: str, pace_seconds: float
) -> Channel:
    """Add an instance. Raises GuicheError for values that cannot be, Conflict if it exists."""
    for value in (instance_id, token, client_token):
        _check_credential(value)
    secret = secrets.token_urlsafe(32)
    with atomic():
        channel_id = db.session.scalar(
            insert(Channel)
            .values(
                name=_name(name),
                instance_id=instance_id,
                instance_token=token,
                client_token=client_token,
                webhook_secret=secret,
                webhook_secret_hash=digest(secret),
                pace_seconds=_pace(pace_seconds),
            )
            .on_conflict_do_nothing(index_elements=["instance_id"])
            .returning(Channel.id)
        )
        if channel_id is None:
            raise Conflict("Já existe um canal com esta instância.")
        channel = find(channel_id)
        audit.record(by, "channel.created", "channel", channel.id, None, _shown(channel))
        memory.forget()
        on_commit(partial(live.channel_changed, channel.id))
        return channel


def edit(
    channel_id: int,
    by: User,
    name: str,
    pace_seconds: float,
    token: str,
    client_token: str,
    team_id: int | None = None,
) -> Channel:
    """Change a channel; empty credentials stay as they are, the environment's are not kept here.

    New conversations go to the team's line; those that are there stay where they are.
    """

    def change(channel: Channel) -> None:
        channel.name = _name(name)
        channel.team_id = _team(team_id)
        if channel.is_environment:
            return
        channel.pace_seconds = _pace(pace_seconds)
        for field, value in (("instance_token", token), ("client_token", client_token)):
            if value:
                _check_credential(value)
                setattr(channel, field, value)

    return _change(channel_id, by, "channel.edited", change, replaced=bool(token or client_token))


def deactivate(channel_id: int, by: User) -> Channel:
    """Stop using a channel: nothing is sent, what arrives is kept aside."""
    return _change(channel_id, by, "channel.deactivated", lambda c: setattr(c, "active", False))


def activate(channel_id: int, by: User) -> Channel:
    """Use a channel again."""
    return _change(channel_id, by, "channel.activated", lambda c: setattr(c, "active", True))


def rotate_secret(channel_id: int, by: User) -> Channel:
    """A new secret webhook address; the one before still works until the rotation is ended."""

    def change(channel: Channel) -> None:
        secret = secrets.token_urlsafe(32)
        channel.previous_secret_hash = channel.webhook_secret_hash
        channel.webhook_secret, channel.webhook_secret_hash = secret, digest(secret)

    return _change(channel_id, by, "channel.secret_rotated", change)


def end_rotation(channel_id: int, by: User) -> Channel:
    """The secret address before the present one stops working."""

    def change(channel: Channel) -> None:
        channel.previous_secret_hash = None

    return _change(channel_id, by, "channel.rotation_ended", change)


def reveal_webhook_address(channel_id: int, by: User) -> str:
    """The secret address to enter at the provider; that it was shown is recorded."""
    channel = find(channel_id)
    with atomic():
        audit.record(by, "channel.address_shown", "channel", channel.id)
    return webhook_address(channel)


def webhook_address(channel: Channel) -> str:
    """Where the provider's webhooks should come: a secret, never logged."""
    base = current_settings().public_url or f"http://127.0.0.1:{current_settings().port}"
    return f"{base.rstrip('/')}/webhook/{channel.kind}/{channel.webhook_secret}"


def _change(
    channel_id: int, by: User, action: str, change: Callable[[Channel], Any], **extra: Any
) -> Channel:
    with atomic():
        channel = db.session.get(Channel, channel_id, with_for_update={"key_share": True})
        if channel is None:
            raise NotFound
        before = _shown(channel)
        change(channel)
        channel.version += 1
        after = _shown(channel) | ({"credentials_replaced": True} if extra.get("replaced") else {})
        audit.record(by, action, "channel", channel.id, before, after)
        live.tell_state(channel.id)
        return channel


def _shown(channel: Channel) -> dict[str, Any]:
    """What the audit log may hold of a channel: never a secret."""
    return {
        "name": channel.name,
        "instance_id": channel.instance_id,
        "pace_seconds": channel.pace_seconds,
        "team": next((one.name for one in teams.known() if one.id == channel.team_id), None),
        "active": channel.active,
        "rotating": channel.previous_secret_hash is not None,
    }


def _team(team_id: int | None) -> int | None:
    if team_id is not None and team_id not in {team.id for team in teams.known()}:
        raise GuicheError(_("Esta equipe não existe mais. Escolha outra."), status=422)
    return team_id


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not 1 <= len(name) <= 80:
        raise GuicheError("Dê um nome de até 80 letras ao canal.", status=422)
    return name


def _pace(seconds: float) -> float:
    if not 0 <= seconds <= 60:
        raise GuicheError("O intervalo entre envios vai de 0 a 60 segundos.", status=422)
    return seconds


def _check_credential(value: str) -> None:
    if not _CREDENTIAL.fullmatch(value):
        raise GuicheError("Use só letras, números, ponto, hífen e sublinhado.", status=422)
