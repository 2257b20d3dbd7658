def deliver_channel(channel_id: int) -> None:
    """x"""


def redrive() -> None:
    """x"""
