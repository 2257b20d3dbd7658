"""Looking at the outside systems from time to time."""

from app.channels import service as channels


def check_channels() -> None:
    """Ask each provider whether its instances are connected: callbacks can be lost."""
    channels.check_all()


def check_channel(channel_id: int) -> None:
    """Ask about one channel, of which somebody unproven said that it changed."""
    channels.check_one(channel_id)
