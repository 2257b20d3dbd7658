"""What a webhook brought, as a message of ours."""

from sqlalchemy.orm.attributes import set_committed_value

from app.channels.models import Channel
from app.contacts.models import Contact
from app.conversations.models import Message
from app.conversations.service.lookups import by_provider_id
from app.conversations.service.writing import quote_by
from app.integrations.base import Echo, InboundMessage, Media
from app.media import service as media


def message_of(channel: Channel, contact: Contact, inbound: InboundMessage) -> Message:
    """The message that a webhook brought, not yet in any conversation."""
    return Message(
        channel_id=channel.id,
        kind=inbound.kind,
        body=inbound.body,
        payload=details_of(channel, contact, inbound),
        provider_id=inbound.provider_id or None,
        provider_at=inbound.provider_at,
    )


def details_of(
    channel: Channel, contact: Contact, said: InboundMessage | Echo
) -> dict[str, object] | None:
    """What is kept of it besides its text."""
    payload = dict(said.payload)
    if said.reply_to:
        payload["reply_to"] = said.reply_to
        quoted = by_provider_id(channel.id, said.reply_to)
        if quoted is not None:
            payload["quote"] = quote_by(contact, quoted)
    if isinstance(said, InboundMessage) and said.is_placeholder:
        payload["placeholder"] = True
    if said.media and said.media.seconds:
        payload["seconds"] = said.media.seconds
    return payload or None


def expect_file(message: Message, announced: Media | None) -> None:
    """A stored message announces a file: a worker fetches it after the commit."""
    if announced is not None:
        set_committed_value(message, "attachments", [media.expect(message.id, announced)])
