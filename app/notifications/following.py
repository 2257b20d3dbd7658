"""What happens elsewhere and concerns somebody, each in the transaction in which it happens."""

from sqlalchemy import select

from app.accounts.models import User
from app.channels import state as channels
from app.channels.models import Channel
from app.conversations import settling
from app.conversations.models import Conversation, Message
from app.conversations.service import hooks
from app.conversations.threads import preview
from app.extensions import db
from app.notifications import service
from app.notifications.kinds import BY_KEY, CHANNEL, FAILED, GIVEN, MENTION, TAKEN, UNSENT, WOKEN
from app.scheduling import service as scheduling
from app.scheduling.models import ScheduledMessage


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
    scheduling.on_missed.append(_missed)
    channels.on_state.append(_channel)


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
    service.settle_message(conversation.id, message.id)


def _missed(scheduled: ScheduledMessage) -> None:
    service.tell(
        [scheduled.author_id],
        UNSENT,
        conversation_id=scheduled.conversation_id,
        detail=scheduled.reason or "",
    )


def _channel(channel: Channel) -> None:
    if channel.state == "connected":
        service.settle_channel(CHANNEL, channel.id)
        return
    staff = db.session.scalars(select(User).where(User.active)).all()
    who = [one.id for one in staff if one.can(BY_KEY[CHANNEL].permission)]
    service.tell(who, CHANNEL, channel_id=channel.id, detail=channel.state_reason or "")
