"""Asking the provider how a channel stands, and what speaks for it."""

from contextlib import suppress
from datetime import datetime
from functools import partial

from sqlalchemy import select

from app import clock
from app.channels.models import Channel
from app.channels.state import note_answer
from app.extensions import current_settings, db, redis_client
from app.integrations import providers
from app.integrations.base import IntegrationError, Messenger, Outcome
from app.queueing import enqueue
from app.transactions import on_commit
from app.words import N_

CLAIM_SECONDS = 60  # by then the question was asked, or its job is lost
DISCONNECTED = N_("O provedor diz que o número não está conectado ao WhatsApp.")


def messenger_for(channel: Channel) -> Messenger:
    """What sends for this channel; raises IntegrationError when it has no credentials."""
    settings = current_settings()
    if channel.is_environment:
        instance_id, token, client_token = providers.environment_instance(settings)
    else:
        instance_id = channel.instance_id
        token, client_token = channel.instance_token or "", channel.client_token or ""
    if not token or instance_id != channel.instance_id:
        raise IntegrationError("Faltam as credenciais deste canal.", Outcome.NEVER_LEFT)
    return providers.messenger(channel.kind, settings, instance_id, token, client_token)


def check(channel: Channel) -> bool:
    """Ask the provider whether the channel is connected and note the answer.

    Raises IntegrationError when there is no clear answer; the state then stays as it was.
    """
    began, seen = clock.now(), _state_at(channel.id)
    connected = messenger_for(channel).is_connected()
    note_answer(channel, connected, None if connected else DISCONNECTED, began, seen)
    return connected


def check_all() -> None:
    """Ask about every active channel: callbacks of the provider can be lost."""
    active = select(Channel.id).where(Channel.active).order_by(Channel.id)
    for channel_id in db.session.scalars(active).all():
        check_one(channel_id)


def check_one(channel_id: int) -> None:
    """Ask about one channel, if it is active."""
    redis_client().delete(_asking(channel_id))  # what is claimed from now on needs another look
    channel = db.session.get(Channel, channel_id)
    if channel is not None and channel.active:
        # Not knowing is no news, and the ledger has the attempt.
        with suppress(IntegrationError):
            check(channel)


def check_soon(channel: Channel) -> None:
    """After the commit, have a worker ask the provider; many claims at once are one question."""

    def ask(channel_id: int) -> None:
        if redis_client().set(_asking(channel_id), 1, nx=True, ex=CLAIM_SECONDS):
            enqueue("jobs.sync.check_channel", channel_id, queue="sync")

    on_commit(partial(ask, channel.id))


def _asking(channel_id: int) -> str:
    return f"check-channel:{channel_id}"


def _state_at(channel_id: int) -> datetime | None:
    return db.session.scalar(select(Channel.state_at).where(Channel.id == channel_id))
