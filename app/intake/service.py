def retry(receipt_id: int) -> None:
    """x"""


def redrive() -> None:
    """x"""
