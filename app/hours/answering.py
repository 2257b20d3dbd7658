"""What the system tells customers by itself: nobody attends at this hour, or you wait in line.

Said at the end of the transaction in which it becomes true, under the conversation's lock, so once:
`away_told_at` and `line_told_at` stand on its row.
"""

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Select, select

from app import clock
from app.accounts import presence
from app.business_time import business_minutes_between, closed_since
from app.conversations.filters import waits_since
from app.conversations.models import Conversation, Message
from app.conversations.service import Author, check_may_send, locked
from app.conversations.service.replies import say
from app.errors import Conflict
from app.extensions import db
from app.forwarding import queries as turn_line
from app.hours import known, messages
from app.hours.known import Hours
from app.transactions import atomic, before_commit

AWAY_RULE, LINE_RULE = "hours", "line"
# Whoever waits for longer than this before anybody looked is not told that they wait.
LATE = timedelta(days=1)


def heard(conversation: Conversation, _message: Message) -> None:
    """A customer wrote: if people are to answer and none attends now, they are told so."""
    if conversation.owner_kind != "bot" and _closed_since(conversation) is not None:
        before_commit(partial(tell_away, conversation.id), once=("away", conversation.id))


def owner_changed(conversation: Conversation) -> None:
    """The bot called a person, or nobody has it any more, while the customer waits."""
    if conversation.owner_kind == "nobody" and _closed_since(conversation) is not None:
        before_commit(partial(tell_away, conversation.id), once=("away", conversation.id))


def is_closed(conversation: Conversation) -> bool:
    """Whether nobody attends its customers at this hour; without any query."""
    calendar = _hours(conversation).calendar
    return calendar is not None and closed_since(calendar, clock.now()) is not None


def _closed_since(conversation: Conversation) -> datetime | None:
    """The beginning of a closed time of which the customer was not told; without any query."""
    hours = _hours(conversation)
    since = closed_since(hours.calendar, clock.now()) if hours.calendar else None
    told = conversation.away_told_at
    return since if since is not None and (told is None or told < since) else None


def tell_away(conversation_id: int) -> None:
    """Say it, unless it was said or a person is answering; in the transaction under way."""
    conversation = locked(conversation_id)
    since = _closed_since(conversation)
    if since is None or not _waits_for_people(conversation):
        return
    chosen = messages.choices(conversation.team_id, conversation.channel_id)
    if not chosen.away or _is_answered(conversation, since):
        return
    if _say(conversation, messages.AWAY, AWAY_RULE):
        conversation.away_told_at = clock.now()


def _waits_for_people(conversation: Conversation) -> bool:
    return (
        conversation.status == "open"
        and conversation.owner_kind != "bot"
        and conversation.waiting_since is not None
    )


def _is_answered(conversation: Conversation, since: datetime) -> bool:
    """A person owns it and is there, or has written since the doors closed."""
    owner_id = conversation.owner_id
    if owner_id is None:
        return False
    answered = conversation.answered_at
    if answered is not None and answered >= since:
        return True
    return presence.state_of([owner_id])[owner_id] == "online"


def tell_waiting() -> None:
    """Tell those who wait in line for longer than was chosen; each in its own transaction."""
    if not any(rule.line_minutes for rule in known.every_rule()):
        return
    for talk_id, team_id, channel_id, since in db.session.execute(_in_line()).all():
        if since is not None and _waited_long(team_id, channel_id, since):
            with atomic():
                _tell_waiting(talk_id)


def _in_line() -> Select[int, int | None, int, datetime | None]:
    talk, now = Conversation, clock.now()
    return select(talk.id, talk.team_id, talk.channel_id, talk.waiting_since).where(
        talk.status == "open",
        talk.owner_kind == "nobody",
        talk.owner_id.is_(None),
        talk.snoozed_at.is_(None),
        waits_since <= now,
        waits_since > now - LATE,
        talk.line_told_at.is_(None) | (talk.line_told_at < talk.waiting_since),
        ~turn_line.is_in_line(),  # who waits for a consultant hears of their place
    )


def _waited_long(team_id: int | None, channel_id: int, since: datetime) -> bool:
    minutes = messages.choices(team_id, channel_id).line_minutes
    calendar, now = known.hours_of(team_id, channel_id).calendar, clock.now()
    if not minutes or (calendar is not None and closed_since(calendar, now) is not None):
        return False
    if calendar is None:
        return now - since >= timedelta(minutes=minutes)
    return business_minutes_between(calendar, since, now) >= minutes


def _tell_waiting(conversation_id: int) -> None:
    conversation = locked(conversation_id)
    since, told = conversation.waiting_since, conversation.line_told_at
    if since is None or conversation.owner_kind != "nobody" or conversation.status == "closed":
        return
    if (told is None or told < since) and _say(conversation, messages.LINE, LINE_RULE):
        conversation.line_told_at = clock.now()


def _say(conversation: Conversation, kind: str, rule: str) -> bool:
    """By the same check as everything that leaves; False when the customer wants no messages."""
    author = Author(rule=rule, owner_version=conversation.owner_version)
    try:
        check_may_send(conversation, author)
    except Conflict:
        return False
    language = messages.language_of(conversation.contact.language)
    rules = known.rules_of(conversation.team_id, conversation.channel_id)
    text = messages.words_for(kind, language, rules)
    hours, name = _hours(conversation), conversation.contact.name
    say(conversation, messages.filled(text, hours, name, language, clock.now()), rule)
    return True


def _hours(conversation: Conversation) -> Hours:
    return known.hours_of(conversation.team_id, conversation.channel_id)
