"""Whatever else happens to a conversation: it leaves the line, or its consultant."""

from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.consultants import service as consultants
from app.consultants.models import HandOut
from app.conversations.models import Conversation
from app.extensions import db
from app.forwarding import live
from app.forwarding.service.handing import locked_waiting, settle
from app.transactions import on_commit


def follow_owner(conversation: Conversation) -> None:
    """After each change of owner or status: who closed it, took it or let the bot go on ends the
    wait; who is no more with the consultant frees a place of theirs."""
    gone = conversation.status == "closed" or conversation.owner_kind != "nobody"
    if gone and (waiting := locked_waiting(conversation.id)) is not None:
        settle(waiting, "left")
    query = select(HandOut).where(
        HandOut.conversation_id == conversation.id, HandOut.released_at.is_(None)
    )
    held = db.session.scalars(query.options(joinedload(HandOut.consultant))).first()
    if held is None:
        return
    user_id = held.consultant.user_id
    stays = conversation.owner_id is not None and conversation.owner_id == user_id
    if conversation.status == "closed" or not stays:
        consultants.release(conversation.id)
        bar = ("bar", conversation.id)
        on_commit(partial(live.bar_changed, conversation.id), once=bar)
