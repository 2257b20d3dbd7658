"""The bot's turn to speak."""

from app.assistant import service as assistant


def answer(conversation_id: int) -> None:
    """Let the bot answer what it still owes in this conversation."""
    assistant.answer(conversation_id)


def redrive_answers() -> None:
    """Find conversations in which the bot owes an answer for too long."""
    assistant.redrive()
