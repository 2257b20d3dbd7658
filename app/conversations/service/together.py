"""Customers' messages that came together, kept with one statement."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.channels.models import Channel
from app.contacts.service import Sender
from app.conversations.keeping import Said, keep_free
from app.conversations.service.brought import message_of
from app.conversations.service.inbound import Kept, tell
from app.integrations.base import InboundMessage


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message, who sent it, and the id of the request that brought it."""

    sender: Sender
    inbound: InboundMessage
    request_id: str


def receive_free(channel: Channel, incoming: Sequence[Incoming]) -> list[bool]:
    """What `receive` does, for messages of as many contacts, waiting for nobody.

    False for what has to come alone, of which nothing is done: no conversation is open, somebody is
    working on it, or the message is known. Runs in the caller's transaction, which holds the
    contacts.
    """
    said = [_said(channel, one) for one in incoming]
    kept = keep_free(said)
    tell(
        [
            Kept(conversation, one.message, which.inbound, which.request_id)
            for one, which, conversation in zip(said, incoming, kept, strict=True)
            if conversation is not None
        ]
    )
    return [conversation is not None for conversation in kept]


def _said(channel: Channel, one: Incoming) -> Said:
    contact = one.sender.contact
    return Said(contact, message_of(channel, contact, one.inbound), one.sender.identity_id)
