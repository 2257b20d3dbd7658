"""Noticing an instance that says it is connected and brings nothing.

In business hours a connected channel that has been silent for longer than is usual for it at this
hour of this weekday is looked at: the telephone, and where the webhooks go. While its history is
short, what the company allows counts. The banner then says what was found, until something arrives.
"""

from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select

from app import clock
from app.channels import instance, live, usual
from app.channels.models import Channel
from app.company import service as company
from app.company.fields import Flag, Section, Whole, register
from app.extensions import db
from app.integrations.base import IntegrationError
from app.transactions import atomic
from app.words import N_

log = structlog.get_logger()

HELD_ASKS = Flag(
    "held_asks", N_("Perguntar antes de enviar o que ficou guardado muito tempo"), True
)
HELD_MINUTES = Whole(
    "held_minutes",
    N_("Muito tempo é mais de"),
    30,
    N_("O que ficou guardado menos que isso sai sozinho quando o canal volta."),
    least=0,
    most=10_080,
    unit=N_("minutos"),
)
QUIET_MINUTES = Whole(
    "quiet_minutes",
    N_("Desconfiar de um canal conectado que não recebe nada por"),
    120,
    N_(
        "Vale enquanto o canal não tem quatro semanas de história. Depois vale o dobro do silêncio "
        "usual dele na mesma hora do mesmo dia da semana. Só conta no horário abaixo, de segunda a "
        "sexta. Com 0, nunca."
    ),
    least=0,
    most=1440,
    unit=N_("minutos"),
)
QUIET_FROM = Whole("quiet_from", N_("Das"), 8, least=0, most=23, unit=N_("horas"))
QUIET_UNTIL = Whole("quiet_until", N_("Até as"), 18, least=1, most=24, unit=N_("horas"))
SECTION = register(
    Section(
        "channels",
        N_("Canais"),
        "",
        (HELD_ASKS, HELD_MINUTES, QUIET_MINUTES, QUIET_FROM, QUIET_UNTIL),
    )
)

SILENT = N_("Nada chega, embora o celular e os webhooks estejam em ordem. Envie um teste.")
PHONE_AWAY = N_("O celular não responde. Confira se está ligado e com internet.")
ELSEWHERE = N_("Os webhooks não apontam para cá. Cadastre-os de novo na página do canal.")


def look(channel: Channel) -> None:
    """Note that a channel has been silent for too long, and why; or that it is well again."""
    since = _silent_since(channel)
    reason = _reason(channel) if since is not None and channel.quiet_since is None else None
    with atomic():
        db.session.refresh(channel, with_for_update={"key_share": True})
        if since is None and channel.quiet_since is not None:
            channel.quiet_since = channel.quiet_reason = None
        elif reason is not None and channel.state == "connected":
            channel.quiet_since, channel.quiet_reason = since, reason
            log.warning("channel_quiet", channel_id=channel.id, reason=reason)
        else:
            return
        channel.version += 1
        live.tell_state(channel.id)


def look_at_all() -> None:
    """Look at every channel in use."""
    for channel_id in list(db.session.scalars(select(Channel.id).where(Channel.active))):
        look(db.session.get_one(Channel, channel_id, populate_existing=True))


def _silent_since(channel: Channel) -> datetime | None:
    """Since when, if that is too long ago; None outside business hours, or when all is well."""
    if (
        not company.get(QUIET_MINUTES)
        or channel.state != "connected"
        or channel.last_inbound_at is None
    ):
        return None
    if channel.quiet_since is not None:  # only a message ends it, not the evening
        return None if channel.last_inbound_at > channel.quiet_since else channel.quiet_since
    now = clock.now().astimezone(clock.COMPANY_ZONE)
    if not is_watched(now):
        return None
    opened = now.replace(hour=company.get(QUIET_FROM), minute=0, second=0, microsecond=0)
    silent = now - max(channel.last_inbound_at, opened, channel.state_at or opened)
    if silent < usual.LEAST and silent < _allowed():
        return None  # whatever is usual
    limit = usual_silence(channel.id, now).limit or _allowed()
    return channel.last_inbound_at if silent >= limit else None


def is_watched(moment: datetime) -> bool:
    """Whether silence counts at this time of the company's zone."""
    opens, closes = company.get(QUIET_FROM), company.get(QUIET_UNTIL)
    return moment.weekday() < 5 and opens <= moment.hour < closes


def usual_silence(channel_id: int, moment: datetime) -> usual.Usual:
    """What is usual for a channel around this time."""
    return usual.read(channel_id, moment, company.get(QUIET_FROM), company.get(QUIET_UNTIL))


def _allowed() -> timedelta:
    return timedelta(minutes=company.get(QUIET_MINUTES))


def _reason(channel: Channel) -> str:
    with suppress(IntegrationError):
        if not instance.is_phone_connected(channel):
            return PHONE_AWAY
    with suppress(IntegrationError):
        if instance.webhooks_elsewhere(channel):
            return ELSEWHERE
    return SILENT
