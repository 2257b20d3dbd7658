"""What the demo's attendants wrote for later."""

from datetime import timedelta

from sqlalchemy import select

from app import clock
from app.accounts.models import User
from app.conversations.models import Conversation
from app.extensions import db
from app.scheduling import service as scheduling

LATER = (
    (20, "Bom dia! Conseguiu ver o que combinamos ontem?"),
    (45, "Passando para lembrar da visita, às 10 h no plantão. Posso confirmar?"),
)


def leave_for_later(staff: dict[str, User]) -> None:
    """Two messages of the first attendant, in conversations of theirs."""
    by = staff["atendente"]
    mine = db.session.scalars(
        select(Conversation.id)
        .where(Conversation.owner_id == by.id, Conversation.status == "open")
        .order_by(Conversation.last_message_at.desc())
        .limit(len(LATER))
    ).all()
    for conversation_id, (hours, text) in zip(mine, LATER, strict=False):
        scheduling.schedule(conversation_id, by, text, clock.now() + timedelta(hours=hours))
