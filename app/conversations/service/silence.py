"""Warning and then closing what the customer no longer answers, where the company wants it."""

from datetime import timedelta

from sqlalchemy import Select, and_, exists, func, or_, select

from app import clock
from app.channels.models import Channel
from app.company import service as company
from app.company.fields import Words
from app.contacts.consent.service import may_write_first
from app.conversations.closing import (
    SILENCE_CLOSES,
    SILENCE_HOURS,
    SILENCE_MESSAGE,
    SILENCE_WARNING,
    SILENCE_WARNING_HOURS,
)
from app.conversations.models import Conversation, Message, OutboxEntry
from app.conversations.service.authors import Author
from app.conversations.service.closing import end
from app.conversations.service.hooks import still_to_come
from app.conversations.service.replies import reply
from app.conversations.threads import locked, note_event
from app.extensions import db
from app.transactions import atomic
from app.words import in_language, said

AT_ONCE = 200
# Of our last message; what failed may never have asked the customer anything.
ARRIVED = ("sent", "delivered", "read")
# Whoever fell silent so long before that was noticed is not written to any more.
LATE = timedelta(days=1)


def close_silent() -> None:
    """Look at what is quiet for long enough; each in its own transaction, under its row's lock."""
    if not company.get(SILENCE_CLOSES):
        return
    found: list[int] = list(db.session.scalars(_quiet()))
    for conversation_id in found:
        with atomic():
            _settle(locked(conversation_id))


def _limits() -> tuple[timedelta, timedelta]:
    """After how much silence it is closed, and how long before that the customer is warned."""
    hours = company.get(SILENCE_HOURS)
    ahead = company.get(SILENCE_WARNING_HOURS) if company.get(SILENCE_WARNING) else 0
    return timedelta(hours=hours), timedelta(hours=min(ahead, hours - 1))


def _quiet() -> Select[int]:
    """Those that may be due, longest silent first; the lock decides."""
    limit, ahead = _limits()
    talk, now = Conversation, clock.now()
    was_warned = talk.silence_warning_id.is_not_distinct_from(talk.last_message_id)
    on_its_way = exists().where(
        OutboxEntry.conversation_id == talk.id, OutboxEntry.state.in_(("queued", "sending"))
    )
    return (
        select(talk.id)
        .join(Channel, Channel.id == talk.channel_id)
        .where(
            talk.status == "open",
            or_(
                talk.last_message_at <= now - (limit - ahead),
                and_(was_warned, talk.last_message_at <= now - ahead),
            ),
            talk.last_message_author != "customer",
            func.coalesce(talk.last_message_status, "sent").in_(ARRIVED),
            talk.waiting_since.is_(None),
            talk.snoozed_at.is_(None),
            Channel.active,
            Channel.state != "disconnected",
            ~on_its_way,
            *(~condition() for condition in still_to_come),
        )
        .order_by(talk.last_message_at)
        .limit(AT_ONCE)
    )


def _settle(conversation: Conversation) -> None:
    """Warn or close a locked conversation, unless something was said since it was found.

    Who asked not to be written to is neither warned nor told: it only ends.
    """
    limit, ahead = _limits()
    if not _is_silent(conversation):
        return
    tells = may_write_first(conversation.contact_id, conversation.channel_id)
    silent_for = clock.now() - conversation.last_message_at
    was_warned = conversation.silence_warning_id == conversation.last_message_id
    left = ahead if was_warned else limit
    if silent_for >= left:
        _close(conversation, limit, tell=tells and silent_for < left + LATE)
    elif tells and ahead and not was_warned and silent_for >= limit - ahead:
        text = company.get(SILENCE_WARNING)
        conversation.silence_warning_id = _say(conversation, SILENCE_WARNING, text).id


def _is_silent(conversation: Conversation) -> bool:
    return (
        conversation.status == "open"
        and conversation.last_message_author != "customer"
        and conversation.waiting_since is None
        and conversation.snoozed_at is None
    )


def _close(conversation: Conversation, limit: timedelta, tell: bool) -> None:
    text = company.get(SILENCE_MESSAGE)
    if tell and text:
        _say(conversation, SILENCE_MESSAGE, text)
    end(conversation, by_id=None)
    note_event(conversation, "closed_by_silence", hours=int(limit.total_seconds() // 3600))


def _say(conversation: Conversation, field: Words, text: str) -> Message:
    """In the customer's language, as long as it is the product's own sentence."""
    if text == field.default:
        with in_language(conversation.contact.language):
            text = said(text)
    author = Author(rule="closing", owner_version=conversation.owner_version)
    return reply(conversation.id, author, text)
