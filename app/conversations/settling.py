"""What became of a send: taken, refused, unknown, or known later from an echo or a report.

Every function locks the conversation's row first, then its outbox row.
"""

from collections.abc import Callable
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import or_, select, update

from app import clock
from app.conversations.message_acts import settling as acts
from app.conversations.models import Conversation, Message, OutboxEntry
from app.conversations.threads import locked, touch_message
from app.extensions import current_settings, db
from app.integrations.base import Accepted, IntegrationError, Outcome
from app.transactions import atomic

# Called with a message that failed or whose fate is unknown, and with one that had been so and is
# not any more; filled by create_app().
on_trouble: list[Callable[[Conversation, Message], None]] = []
on_trouble_over: list[Callable[[Conversation, Message], None]] = []
TROUBLE = frozenset({"failed", "uncertain"})

# A report about an unknown message is worth waiting for while one of ours may still be named.
UNSETTLED_WITHIN = timedelta(minutes=5)


def reload(entry_id: int) -> tuple[Conversation, OutboxEntry, Message]:
    """Everything about an entry, the conversation's row locked first: the order all code keeps."""
    found = db.session.get_one(OutboxEntry, entry_id)
    conversation = locked(found.conversation_id)
    entry = db.session.get_one(OutboxEntry, entry_id, populate_existing=True)
    message = db.session.get_one(Message, entry.message_id, populate_existing=True)
    return conversation, entry, message


def withdraw_if_silenced(conversation: Conversation, entry: OutboxEntry, message: Message) -> bool:
    """What the bot wrote is not sent (again) once a person owns the conversation.

    Unless a person sent it again: its author is then who did.
    """
    by_itself = message.author_kind == "bot" and message.author_id is None
    if not by_itself or conversation.owner_id is None:
        return False
    entry.state, entry.lease_until = "cancelled", None
    message.status, message.error = "cancelled", _("Uma pessoa assumiu antes do envio.")
    touch_message(conversation, message)
    return True


def record_success(entry_id: int, accepted: Accepted) -> None:
    """The provider took it; also when the lease had run out while it was answering."""
    with atomic():
        conversation, entry, message = reload(entry_id)
        entry.zaap_id = accepted.queue_id
        if entry.state not in {"sending", "uncertain"}:
            return
        _drop_unmatched_echo(conversation, message, accepted.provider_id)
        entry.state, entry.lease_until = "done", None
        message.provider_id = accepted.provider_id
        message.status, message.error = "sent", None
        touch_message(conversation, message)


def record_failure(entry_id: int, error: IntegrationError) -> None:
    """It surely was not taken: tried again, up to the last wait; or nobody knows: uncertain."""
    with atomic():
        conversation, entry, message = reload(entry_id)
        if entry.state != "sending":
            return
        entry.lease_until = None
        waits = current_settings().retry_waits
        if error.outcome is Outcome.UNKNOWN:
            entry.state, message.status = "uncertain", "uncertain"
        elif entry.attempts > len(waits):
            entry.state, message.status = "failed", "failed"
        elif withdraw_if_silenced(conversation, entry, message):
            return
        else:
            entry.state, message.status = "queued", "queued"
            entry.next_try_at = clock.now() + timedelta(seconds=waits[entry.attempts - 1])
        message.error = error.message
        touch_message(conversation, message)
        tell_trouble(conversation, message)


def give_up(entry_id: int, reason: str) -> None:
    """It cannot even be tried: failed with the reason, for a person to see and send again."""
    with atomic():
        conversation, entry, message = reload(entry_id)
        if entry.state != "queued":
            return
        entry.state, message.status, message.error = "failed", "failed", reason
        touch_message(conversation, message)
        tell_trouble(conversation, message)


def _drop_unmatched_echo(conversation: Conversation, message: Message, provider_id: str) -> None:
    """An echo that came before the answer and could not be matched showed the message twice."""
    twin = db.session.scalars(
        select(Message).where(
            Message.channel_id == message.channel_id,
            Message.provider_id == provider_id,
            Message.id != message.id,
        )
    ).one_or_none()
    if twin is not None:
        twin.provider_id = None
        twin.kind = "duplicate"
        touch_message(conversation, twin)
        db.session.flush()


def confirm(entry_id: int, provider_id: str) -> Message:
    """An echo or a report proves that an unsettled send arrived; in the caller's transaction."""
    conversation, entry, message = reload(entry_id)
    if entry.state in {"sending", "uncertain"}:
        entry.state, entry.lease_until = "done", None
        message.provider_id = provider_id
        message.status, message.error = "sent", None
        touch_message(conversation, message)
        tell_trouble_over(conversation, message)
    return message


def fail(message: Message, reason: str) -> None:
    """The provider says that the message did not reach WhatsApp; in the caller's transaction."""
    conversation = locked(message.conversation_id)
    db.session.refresh(message)
    if message.status in {"delivered", "read"}:
        return
    message.status, message.error = "failed", reason
    settle_entry(message, "failed")
    touch_message(conversation, message)
    tell_trouble(conversation, message)


def tell_trouble(conversation: Conversation, message: Message) -> None:
    """Let higher features hear of it when the message failed or nobody knows whether it left."""
    if message.status in TROUBLE:
        for hook in on_trouble:
            hook(conversation, message)


def tell_trouble_over(conversation: Conversation, message: Message) -> None:
    """A message that had been so left, arrived, or is tried again."""
    for hook in on_trouble_over:
        hook(conversation, message)


def settle_entry(message: Message, state: str = "done") -> None:
    """The outbox row of a message whose fate is known; in the caller's transaction."""
    db.session.execute(
        update(OutboxEntry)
        .where(OutboxEntry.message_id == message.id)
        .values(state=state, lease_until=None)
    )


def is_unsettled(channel_id: int) -> bool:
    """Whether a recent send of this channel has no known outcome yet."""
    if acts.is_under_way(channel_id):
        return True
    recent = OutboxEntry.next_try_at > clock.now() - UNSETTLED_WITHIN
    return bool(
        db.session.scalar(
            select(OutboxEntry.id)
            .where(
                OutboxEntry.channel_id == channel_id,
                or_(
                    OutboxEntry.state == "sending",
                    (OutboxEntry.state == "uncertain") & recent,
                ),
            )
            .limit(1)
        )
    )
