"""From a provider's events to the calls that follow from them."""

from collections.abc import Iterable
from dataclasses import replace

from app.channels import service as channels
from app.channels.models import Channel
from app.contacts import service as contacts
from app.conversations import service as conversations
from app.integrations.base import (
    Address,
    ConnectionChange,
    DeliveryReport,
    Echo,
    Event,
    InboundMessage,
    Revocation,
    StatusUpdate,
)


def dispatch(channel: Channel, events: Iterable[Event], receipt_id: int, proven: bool) -> None:
    """Do what the events of one receipt ask for, in the caller's transaction.

    A message without a provider's id takes the receipt's, so that doing it again does nothing.
    Whose sender is not `proven` may tell what was written, but neither stop what we send nor
    silence the bot: of a connection the provider itself is asked.
    """
    for event in events:
        if isinstance(event, InboundMessage):
            if not event.provider_id:
                event = replace(event, provider_id=f"receipt-{receipt_id}")
            event = event if proven else unproven(event)
            sender = _sender(channel, event.address)
            conversations.receive(channel, sender.contact, event, sender.identity_id)
            channels.note_inbound(channel)
        elif isinstance(event, Echo):
            known = _sender(channel, event.address, named=False)
            conversations.record_echo(channel, known, event, proven)
        elif isinstance(event, Revocation):
            known = _sender(channel, event.address, named=not event.by_company)
            conversations.record_revocation(channel, known, event)
        elif isinstance(event, StatusUpdate):
            conversations.record_status(channel, event)
        elif isinstance(event, DeliveryReport):
            conversations.record_delivery(channel, event)
        elif isinstance(event, ConnectionChange) and proven:
            channels.note_state(channel, event.connected, event.reason, event.at)
        elif isinstance(event, ConnectionChange):
            channels.check_soon(channel)


def unproven(message: InboundMessage) -> InboundMessage:
    """The message, marked: nothing proves that the provider sent it, so it identifies nobody and
    accepts nothing (`payload.unproven`)."""
    return replace(message, payload={**message.payload, "unproven": True})


def _sender(channel: Channel, address: Address, named: bool = True) -> contacts.Sender:
    return contacts.sender(channel.id, address.phone, address.lid, address.name, named)
