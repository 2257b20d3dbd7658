"""What customers sent and the house has not looked at in time: workers are away, or too few."""

from datetime import timedelta

from sqlalchemy import Select, literal, select, text, union_all

from app import clock
from app.assistant.models import BotState
from app.intake.models import Receipt

IN_TIME = timedelta(seconds=5)


def late_work() -> Select[tuple[int]]:
    """One row for each webhook and each answer of the bot that has waited for longer than that."""
    before = clock.now() - IN_TIME
    kept = select(literal(1)).where(Receipt.state == "received", Receipt.received_at < before)
    owed = select(literal(1)).where(text("owed_ids <> '{}'"), BotState.asked_at < before)
    return select(union_all(kept, owed).subquery().c[0])
