"""How the watch over a channel reads on its page."""

from datetime import timedelta

from flask_babel import get_locale
from flask_babel import gettext as _

from app import clock
from app.channels import usual, watching
from app.channels.models import Channel
from app.company import service as company


def watch_in_words(channel: Channel) -> str:
    """When this channel's silence is looked at, at this hour, and what that is learnt from."""
    allowed = company.get(watching.QUIET_MINUTES)
    if not allowed:
        return _("Desligada nas configurações da empresa.")
    now = clock.now().astimezone(clock.COMPANY_ZONE)
    if not watching.is_watched(now):
        return _(
            "Agora não conta: só de segunda a sexta, das %(from)s às %(until)s h.",
            **{
                "from": company.get(watching.QUIET_FROM),
                "until": company.get(watching.QUIET_UNTIL),
            },
        )
    found = watching.usual_silence(channel.id, now)
    if found.silence is None:
        return _(
            "O aviso vem depois de %(limit)s sem nada. Ainda há pouca história: %(weeks)s de "
            "%(enough)s semanas nesta hora deste dia.",
            limit=minutes(timedelta(minutes=allowed)), weeks=found.weeks, enough=usual.ENOUGH,
        )  # fmt: skip
    return _(
        "Nesta hora de %(day)s o silêncio mais longo costuma ser de %(usual)s (últimas %(weeks)s "
        "semanas). O aviso vem depois de %(limit)s sem nada.",
        day=_weekday(now.weekday()), usual=minutes(found.silence), weeks=found.weeks,
        limit=minutes(found.limit or found.silence),
    )  # fmt: skip


def minutes(length: timedelta) -> str:
    """40 min, 2 h, 2 h 5 min."""
    hours, rest = divmod(round(length.total_seconds() / 60), 60)
    parts = [f"{hours} h"] if hours else []
    return " ".join(parts + ([f"{rest} min"] if rest or not hours else []))


def _weekday(number: int) -> str:
    locale = get_locale()
    return locale.days["format"]["wide"][number] if locale else str(number)
