"""From a provider's events to the calls that follow from them."""

from collections.abc import Iterable
from dataclasses import replace

from app.channels import service as channels
from app.channels.models import Channel
from app.contacts import service as contacts
from app.contacts.models import Contact
from app.conversations import service as conversations
from app.integrations.base import (
    Address,
    ConnectionChange,
    DeliveryReport,
    Echo,
    Event,
    InboundMessage,
    StatusUpdate,
)


def dispatch(channel: Channel, events: Iterable[Event], receipt_id: int) -> None:
    """Do what the events of one receipt ask for, in the caller's transaction.

    A message without a provider's id takes the receipt's, so that doing it again does nothing.
    """
    for event in events:
        if isinstance(event, InboundMessage):
            if not event.provider_id:
                event = replace(event, provider_id=f"receipt-{receipt_id}")
            conversations.receive(channel, _contact(channel, event.address), event)
            channels.note_inbound(channel)
        elif isinstance(event, Echo):
            conversations.record_echo(channel, _contact(channel, event.address), event)
        elif isinstance(event, StatusUpdate):
            conversations.record_status(channel, event)
        elif isinstance(event, DeliveryReport):
            conversations.record_delivery(channel, event)
        elif isinstance(event, ConnectionChange):
            channels.note_state(channel, event.connected, event.reason, event.at)


def _contact(channel: Channel, address: Address) -> Contact:
    return contacts.resolve(channel.id, address.phone, address.lid, address.name)
