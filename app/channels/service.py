"""What can be done with channels."""


def ensure_environment_channel() -> None:
    """The channel of the environment's instance exists."""


def check_all() -> None:
    """x"""
