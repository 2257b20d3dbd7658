def answer(conversation_id: int) -> None:
    """x"""


def redrive() -> None:
    """x"""
