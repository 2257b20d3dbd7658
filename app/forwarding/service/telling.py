"""What customers are told on their way to a consultant: in the company's words, never too often."""

from datetime import timedelta

from flask_babel import ngettext

from app import clock
from app.company import service as company
from app.company.fields import Words
from app.consultants.models import Consultant
from app.contacts.consent import service as consent
from app.contacts.presenting import name_of
from app.conversations.models import Conversation, Message
from app.conversations.service.replies import say
from app.forwarding import hooks, queries
from app.forwarding.models import Waiting
from app.forwarding.words import ENTERED, MOVED, QUIET_MINUTES, TELLS_HANDED
from app.words import in_language, said

LOOKED_BACK = timedelta(hours=2)
# For each place, where nobody was handed over lately.
GUESSED = timedelta(minutes=5)


def entered(conversation: Conversation, waiting: Waiting) -> None:
    """Their place and about how long it takes, as they enter a locked conversation's wait.

    At an hour at which nobody attends they hear of it once somebody does.
    """
    if not hooks.closed(conversation):
        _place(conversation, waiting, ENTERED, queries.position(waiting))


def moved(conversation: Conversation, waiting: Waiting, position: int) -> None:
    """They came notably nearer, or were not told yet."""
    words = ENTERED if waiting.told_at is None else MOVED
    _place(conversation, waiting, words, position)


def is_notable(conversation: Conversation, waiting: Waiting, position: int) -> bool:
    """Whether they should hear of it: half as far as they were last told, and not just told; or
    never told."""
    if waiting.told_position is None or waiting.told_at is None:
        return not hooks.closed(conversation)
    quiet = timedelta(minutes=company.get(QUIET_MINUTES))
    near = position * 2 <= waiting.told_position or position == 1 < waiting.told_position
    return near and clock.now() - waiting.told_at >= quiet


def handed(conversation: Conversation, consultant: Consultant, protocol: str) -> Message | None:
    """Who attends them, and their protocol."""
    return _tell(
        conversation,
        TELLS_HANDED,
        "protocol",
        {"consultor": consultant.name, "protocolo": protocol},
    )


def _place(conversation: Conversation, waiting: Waiting, words: Words, position: int) -> None:
    waiting.told_position, waiting.told_at = position, clock.now()
    with in_language(conversation.contact.language):
        wait = _about(expected(waiting.language, position))
    _tell(conversation, words, "line", {"posicao": str(position), "espera": wait})


def expected(language: str, position: int) -> timedelta:
    """About how long somebody at this place waits: as fast as the line moved in the last hours."""
    now = clock.now()
    ends = queries.recent_waits(language, now - LOOKED_BACK)
    if len(ends) < 2:
        return GUESSED * position
    return (now - ends[-1]) / len(ends) * position


def _about(wait: timedelta) -> str:
    minutes = max(1, round(wait.total_seconds() / 60))
    if minutes < 60:
        return ngettext("cerca de %(num)s minuto", "cerca de %(num)s minutos", minutes)
    hours = round(minutes / 60)
    return ngettext("cerca de %(num)s hora", "cerca de %(num)s horas", hours)


def _tell(
    conversation: Conversation, words: Words, rule: str, values: dict[str, str]
) -> Message | None:
    text = company.get(words)
    last = conversation.last_inbound_at
    if not text or consent.refusal(conversation.contact_id, conversation.channel_id, last):
        return None
    if text == words.default:
        with in_language(conversation.contact.language):
            text = said(text)
    values = {**values, "nome": name_of(conversation.contact).split()[0]}
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return say(conversation, text, rule)
