"""Looking at the outside systems from time to time."""

from app.channels import service as channels


def check_channels() -> None:
    """Ask each provider whether its instances are connected: callbacks can be lost."""
    channels.check_all()
