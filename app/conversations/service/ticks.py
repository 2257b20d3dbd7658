"""What became of our messages, as the provider reports it: ticks and deliveries."""

from flask_babel import gettext as _
from sqlalchemy import select

from app.channels.models import Channel
from app.contacts.models import ContactIdentity
from app.conversations import settling
from app.conversations.message_acts import settling as acts
from app.conversations.models import Conversation, Message, OutboxEntry
from app.conversations.service.lookups import TryLater, by_provider_id
from app.conversations.threads import locked, touch_message
from app.extensions import db
from app.integrations.base import DeliveryReport, StatusUpdate

RANK = {
    "cancelled": 0,
    "queued": 0,
    "sending": 1,
    "uncertain": 2,
    "sent": 3,
    "delivered": 4,
    "read": 5,
}


def record_status(channel: Channel, update: StatusUpdate) -> None:
    """Ticks of messages; they only move up. Raises TryLater for a message still being sent."""
    for provider_id in update.provider_ids:
        message = by_provider_id(channel.id, provider_id)
        if message is not None:
            raise_status(message, update.status)
        elif settling.is_unsettled(channel.id):
            raise TryLater(_("Confirmação de uma mensagem cujo envio ainda não terminou."))


def record_delivery(channel: Channel, report: DeliveryReport) -> None:
    """The provider handed a message to WhatsApp, or could not; raises TryLater as above."""
    message = by_provider_id(channel.id, report.provider_id)
    if message is None:
        message = _by_queue_id(channel.id, report.queue_id)
    if message is None:
        if acts.record_report(channel.id, report) or _settle_only_uncertain(channel.id, report):
            return
        if settling.is_unsettled(channel.id):
            raise TryLater(_("Aviso de entrega de uma mensagem cujo envio ainda não terminou."))
        return
    if report.error:
        settling.fail(message, report.error)
    else:
        raise_status(message, "sent")


def _by_queue_id(channel_id: int, queue_id: str | None) -> Message | None:
    if not queue_id:
        return None
    return db.session.scalars(
        select(Message)
        .join(OutboxEntry, OutboxEntry.message_id == Message.id)
        .where(OutboxEntry.channel_id == channel_id, OutboxEntry.zaap_id == queue_id)
    ).one_or_none()


def _settle_only_uncertain(channel_id: int, report: DeliveryReport) -> bool:
    """Settle the one uncertain send or act to this phone; with two it cannot be told which."""
    if not report.phone or not report.provider_id or acts.is_under_way(channel_id):
        return False
    sends = _uncertain(channel_id, report.phone)
    others = acts.uncertain_of(channel_id, report.phone)
    if len(sends) + len(others) != 1:
        return False
    if others:
        acts.confirm(others[0], report.provider_id)
        return acts.record_report(channel_id, report)
    message = settling.confirm(sends[0], report.provider_id)
    if report.error:
        settling.fail(message, report.error)
    return True


def _uncertain(channel_id: int, phone: str) -> list[int]:
    found = db.session.scalars(
        select(OutboxEntry.id)
        .join(Conversation, Conversation.id == OutboxEntry.conversation_id)
        .join(ContactIdentity, ContactIdentity.contact_id == Conversation.contact_id)
        .where(
            OutboxEntry.channel_id == channel_id,
            OutboxEntry.state == "uncertain",
            ContactIdentity.whatsapp_id == phone,
        )
        .limit(2)
    ).all()
    return list(found)


def raise_status(message: Message, status: str) -> None:
    """A tick of one message; it only moves up."""
    conversation = locked(message.conversation_id)
    db.session.refresh(message)
    if message.direction != "out" or message.status is None:
        return
    # A message that failed and is then reported as arrived did arrive.
    if RANK.get(message.status, 0) >= RANK[status]:
        return
    was_trouble = message.status in settling.TROUBLE
    message.status = status
    message.error = None
    settling.settle_entry(message)
    touch_message(conversation, message)
    if was_trouble:
        settling.tell_trouble_over(conversation, message)
