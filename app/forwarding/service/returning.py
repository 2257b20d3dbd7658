"""Back to the front of the line: what a consultant did not answer, or left behind."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select

from app import clock
from app.company import service as company
from app.consultants import queries as roster
from app.consultants.models import Consultant, HandOut
from app.conversations.models import Conversation
from app.conversations.threads import locked, note_event
from app.extensions import db
from app.forwarding.models import Waiting
from app.forwarding.service.handing import enter
from app.forwarding.words import SILENT_MINUTES, SILENT_RETURNS
from app.transactions import atomic

AT_ONCE = 200


def return_silent() -> None:
    """Whose customer waits for too long loses the conversation, and does not get it again."""
    if not company.get(SILENT_RETURNS):
        return
    minutes = company.get(SILENT_MINUTES)
    limit = clock.now() - timedelta(minutes=minutes)
    waits = func.greatest(Conversation.waiting_since, HandOut.made_at) <= limit
    ours = Conversation.owner_id == Consultant.user_id
    for conversation_id in _held(waits, ours, Conversation.snoozed_at.is_(None)):
        with atomic():
            conversation = locked(conversation_id)
            held = roster.open_of(conversation_id)
            if held is None or not _is_silent(conversation, held, limit):
                continue
            who = held.consultant.name
            _back(conversation, held, [*_refused(held), held.consultant_id])
            note_event(conversation, "consultant_silent", who=who, minutes=minutes)


def return_orphaned() -> None:
    """What a consultant who left still had."""
    for conversation_id in _held(or_(~Consultant.active, Consultant.left_at.is_not(None))):
        with atomic():
            conversation = locked(conversation_id)
            held = roster.open_of(conversation_id)
            if held is None or held.consultant.active or conversation.status == "closed":
                continue
            name = held.consultant.name
            _back(conversation, held, _refused(held))
            note_event(conversation, "consultant_left", who=name)


def _held(*conditions: ColumnElement[bool]) -> list[int]:
    """Open conversations that consultants have, of which these things are true."""
    query = (
        select(Conversation.id)
        .join(HandOut, HandOut.conversation_id == Conversation.id)
        .join(Consultant, Consultant.id == HandOut.consultant_id)
        .where(HandOut.released_at.is_(None), Conversation.status == "open", *conditions)
        .order_by(HandOut.id)
        .limit(AT_ONCE)
    )
    return list(db.session.scalars(query))


def _is_silent(conversation: Conversation, held: HandOut, limit: datetime) -> bool:
    since = conversation.waiting_since
    return (
        conversation.status == "open"
        and conversation.snoozed_at is None
        and conversation.owner_id is not None
        and conversation.owner_id == held.consultant.user_id
        and since is not None
        and max(since, held.made_at) <= limit
    )


def _refused(held: HandOut) -> list[int]:
    """Who had not answered this customer before."""
    query = select(Waiting.refused).where(Waiting.hand_out_id == held.id)
    return list(db.session.scalar(query) or ())


def _back(conversation: Conversation, held: HandOut, refused: list[int]) -> None:
    enter(conversation, held.language, None, refused, {}, in_front=True)
