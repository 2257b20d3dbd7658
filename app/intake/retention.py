def make_partitions() -> None:
    """x"""


def forget() -> None:
    """x"""
