"""What leaves for customers."""

from app.conversations import outbox
from app.conversations.message_acts import service as message_acts


def deliver_channel(channel_id: int) -> None:
    """Send what waits for this channel, in order and at its pace."""
    outbox.deliver_channel(channel_id)


def redrive_outbox() -> None:
    """Wake the senders of what stayed queued; settle what a dead worker left half sent."""
    outbox.redrive()
    message_acts.redrive()
