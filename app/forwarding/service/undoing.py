"""A manager takes the last hand-out back."""

from sqlalchemy import select

from app.accounts.models import User
from app.consultants import service as consultants
from app.consultants.models import HandOut
from app.conversations.service.ownership import change_of_owner, set_owner
from app.conversations.threads import locked, note_event
from app.errors import NotFound
from app.extensions import db
from app.forwarding import live
from app.protocols.numbers import written
from app.transactions import atomic, on_commit


def undo(hand_out_id: int, by: User, reason: str) -> HandOut:
    """The order is as before, the protocol is cancelled and keeps its number, and the conversation
    is nobody's, unless it went on from there. Raises Conflict, GuicheError, NotFound.
    """
    found = db.session.scalar(select(HandOut.conversation_id).where(HandOut.id == hand_out_id))
    with atomic():
        conversation = locked(found) if found is not None else None
        hand_out = db.session.get(HandOut, hand_out_id, populate_existing=True)
        if hand_out is None:
            raise NotFound
        was_open = hand_out.released_at is None
        undone = consultants.undo(hand_out_id, by, reason)
        if conversation is not None and was_open and conversation.status == "open":
            with change_of_owner(conversation):
                set_owner(conversation, "nobody")
            number = written(undone.protocol.number)
            note_event(conversation, "hand_out_undone", by, protocol=number, why=undone.undo_reason)
        on_commit(live.line_changed, once="line-changed")
    return undone
