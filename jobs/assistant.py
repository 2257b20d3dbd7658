"""The bot's turn to speak."""

from app.assistant import service as assistant
from app.debts.agreements import talking


def answer(conversation_id: int) -> None:
    """Let the bot answer what it still owes in this conversation."""
    assistant.answer(conversation_id)


def redrive_answers() -> None:
    """Find conversations in which the bot owes an answer for too long."""
    assistant.redrive()
    talking.redrive()


def offer_debts(conversation_id: int) -> None:
    """Make and send the proposals that a customer asked the bot for."""
    talking.offer(conversation_id)
