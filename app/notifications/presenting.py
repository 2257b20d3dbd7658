"""Notices in words."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from app import clock, words
from app.contacts.presenting import name_of
from app.conversations.models import Conversation
from app.notifications import kinds
from app.notifications.models import Notice
from app.web import clock_time, path_for


def notice_text(notice: Notice) -> str:
    """What happened, in one line."""
    about = notice.conversation
    name = name_of(about.contact) if about is not None else ""
    score = about.rating if about is not None else None
    said = {"by": notice.by, "name": name}
    if notice.kind == kinds.GIVEN:
        return _("%(by)s passou %(name)s para você", **said)
    if notice.kind == kinds.TAKEN:
        return _("%(by)s assumiu a conversa com %(name)s", **said)
    if notice.kind == kinds.MENTION:
        return _("%(by)s mencionou você na conversa com %(name)s", **said)
    if notice.kind == kinds.WOKEN:
        return _("A conversa com %(name)s voltou", **said)
    if notice.kind == kinds.FAILED:
        return ngettext(
            "%(num)d mensagem sua para %(name)s não saiu",
            "%(num)d mensagens suas para %(name)s não saíram",
            notice.count,
            name=name,
        )
    if notice.kind == kinds.UNDONE:
        return _("O que você mudou numa mensagem para %(name)s não foi feito", **said)
    if notice.kind == kinds.RATED_LOW:
        return _("%(name)s deu nota %(score)s ao atendimento", name=name, score=score)
    if notice.kind == kinds.DUE_SOON:
        return _("O prazo da conversa com %(name)s está perto de vencer", **said)
    if notice.kind == kinds.LATE:
        return _("A conversa com %(name)s passou do prazo", **said)
    if notice.kind == kinds.UNSENT:
        return _("A mensagem agendada para %(name)s não saiu", **said)
    if says := kinds.BY_KEY[notice.kind].says:
        return words.said(says) % {"by": notice.by}
    channel = notice.channel.name if notice.channel else ""
    return _("O canal %(channel)s está desconectado", channel=channel)


def notice_address(notice: Notice) -> str:
    """Where it can be looked at."""
    talk = notice.conversation_id
    if notice.link:
        return notice.link
    if talk is None:
        return path_for("channels.channel_list")
    place = f"#message-{notice.message_id}" if notice.message_id else ""
    return path_for("conversations.conversation", conversation_id=talk) + place


def talk_text(talk: Conversation) -> str:
    """What a customer left unread in one of my conversations."""
    return ngettext(
        "%(name)s: %(num)d mensagem nova",
        "%(name)s: %(num)d mensagens novas",
        talk.unread_count,
        name=name_of(talk.contact),
    )


def unclaimed_text(waiting: Sequence[Conversation]) -> str:
    """What waits without an owner, in one line."""
    if len(waiting) == 1:
        return _("%(name)s espera sem dono", name=name_of(waiting[0].contact))
    return _("%(n)s conversas esperam sem dono", n=len(waiting))


def longest_wait(waiting: Sequence[Conversation]) -> datetime | None:
    """Since when the customer among them waits who waits longest."""
    return min((talk.waiting_since for talk in waiting if talk.waiting_since), default=None)


def until_text(until: datetime) -> str:
    """Until when somebody is not to be disturbed."""
    if (until - clock.now()).total_seconds() > 24 * 3600:
        return _("Não perturbar ligado")
    return _("Sem som nem avisos até %(time)s", time=clock_time(until))


def hour_text(minutes: int | None) -> str:
    """Minutes of the day as a field of a form has them: 22:30."""
    return "" if minutes is None else f"{minutes // 60:02d}:{minutes % 60:02d}"
