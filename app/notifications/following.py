"""What happens elsewhere and concerns somebody, each in the transaction in which it happens."""

from sqlalchemy import select

from app.accounts.models import User
from app.channels import state as channels
from app.channels.models import Channel
from app.conversations import queries as conversations
from app.conversations import settling
from app.conversations.message_acts import settling as acts
from app.conversations.message_acts.models import MessageAct
from app.conversations.message_acts.presenting import not_done
from app.conversations.models import Conversation, Message
from app.conversations.service import hooks
from app.conversations.threads import preview
from app.deadlines import keeping as deadlines
from app.deadlines.clocks import LATE as MISSED
from app.extensions import db
from app.notifications import service
from app.notifications.kinds import (
    BY_KEY,
    CHANNEL,
    DUE_SOON,
    FAILED,
    GIVEN,
    LATE,
    MENTION,
    RATED_LOW,
    TAKEN,
    UNDONE,
    UNSENT,
    WOKEN,
)
from app.scheduling import service as scheduling
from app.scheduling.models import ScheduledMessage
from app.surveys import service as surveys
from app.surveys.models import Survey
from app.words import N_

# By the clock's name in app/deadlines; the bell says them in the reader's language.
CLOCK_NAMES = {
    "first": N_("Primeira resposta"),
    "next": N_("Próxima resposta"),
    "resolution": N_("Resolução"),
}


def follow() -> None:
    """Hear of all of it; safe to call again."""
    if _given in hooks.on_given:
        return
    hooks.on_given.append(_given)
    hooks.on_taken.append(_taken)
    hooks.on_owner_changed.append(_owner_changed)
    hooks.on_woken.append(_woken)
    hooks.on_mention.append(_mentioned)
    settling.on_trouble.append(_trouble)
    settling.on_trouble_over.append(_trouble_over)
    acts.on_trouble.append(_undone)
    acts.on_trouble_over.append(_undone_no_more)
    surveys.on_answered.append(_rated)
    scheduling.on_missed.append(_missed)
    channels.on_state.append(_channel)
    deadlines.on_late.append(_deadline)
    deadlines.on_kept.append(_kept)


def _given(conversation: Conversation, to: User, by: User) -> None:
    service.tell([to.id], GIVEN, conversation_id=conversation.id, by=by.name)


def _taken(conversation: Conversation, loser: User, by: User) -> None:
    service.tell([loser.id], TAKEN, conversation_id=conversation.id, by=by.name)


def _owner_changed(conversation: Conversation) -> None:
    is_open = conversation.status == "open"
    service.settle_owner(conversation.id, conversation.owner_id if is_open else None)


def _woken(conversation: Conversation) -> None:
    if conversation.owner_id is not None:
        service.tell([conversation.owner_id], WOKEN, conversation_id=conversation.id)


def _mentioned(conversation: Conversation, note: Message, person: User) -> None:
    service.tell(
        [person.id],
        MENTION,
        conversation_id=conversation.id,
        message_id=note.id,
        by=note.author.name if note.author else "",
        detail=preview(note),
    )


def _trouble(conversation: Conversation, message: Message) -> None:
    if message.author_id is not None:
        service.tell(
            [message.author_id],
            FAILED,
            conversation_id=conversation.id,
            message_id=message.id,
            detail=preview(message),
        )


def _trouble_over(conversation: Conversation, message: Message) -> None:
    service.settle_message(FAILED, conversation.id, message.id)


def _undone(conversation: Conversation, act: MessageAct) -> None:
    service.tell(
        [act.by_id],
        UNDONE,
        conversation_id=conversation.id,
        message_id=act.message_id,
        detail=not_done(act.kind, act.body, act.state),
    )


def _undone_no_more(conversation: Conversation, message: Message) -> None:
    service.settle_message(UNDONE, conversation.id, message.id)


def _rated(conversation: Conversation, survey: Survey) -> None:
    """A low score is told to whoever leads; the others are read on their page."""
    if not surveys.is_low(survey):
        service.settle_kinds(conversation.id, RATED_LOW)
        return
    staff = db.session.scalars(select(User).where(User.active)).all()
    leading = [one for one in staff if one.can(BY_KEY[RATED_LOW].permission)]
    service.tell(
        conversations.who_sees(leading, conversation.id),
        RATED_LOW,
        conversation_id=conversation.id,
        message_id=survey.answer_id,
        detail=survey.comment,
    )


def _missed(scheduled: ScheduledMessage) -> None:
    service.tell(
        [scheduled.author_id],
        UNSENT,
        conversation_id=scheduled.conversation_id,
        detail=scheduled.reason or "",
    )


def _deadline(conversation: Conversation, clock: str, state: int) -> None:
    """Whoever has it; of what nobody has, all who may take it."""
    kind = LATE if state == MISSED else DUE_SOON
    if conversation.owner_id is not None:
        who = {conversation.owner_id}
    else:
        staff = db.session.scalars(select(User).where(User.active)).all()
        attending = [one for one in staff if one.can(BY_KEY[kind].permission)]
        who = conversations.who_sees(attending, conversation.id)
    if state == MISSED:
        service.settle_kinds(conversation.id, DUE_SOON)
    service.tell(who, kind, conversation_id=conversation.id, detail=CLOCK_NAMES[clock])


def _kept(conversation: Conversation) -> None:
    service.settle_kinds(conversation.id, DUE_SOON, LATE)


def _channel(channel: Channel) -> None:
    if channel.state == "connected":
        service.settle_channel(CHANNEL, channel.id)
        return
    staff = db.session.scalars(select(User).where(User.active)).all()
    who = [one.id for one in staff if one.can(BY_KEY[CHANNEL].permission)]
    service.tell(who, CHANNEL, channel_id=channel.id, detail=channel.state_reason or "")
