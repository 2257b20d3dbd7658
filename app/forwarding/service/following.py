"""Whatever else happens to a conversation: it leaves the line or its consultant, or comes back."""

from functools import partial

from app.accounts.models import User
from app.company import service as company
from app.consultants import queries as roster
from app.consultants import service as consultants
from app.consultants.models import HandOut
from app.conversations.models import Conversation
from app.extensions import db
from app.forwarding import live
from app.forwarding.service.handing import locked_waiting, settle
from app.protocols import service as protocols
from app.protocols.models import Protocol
from app.protocols.telling import CLOSES
from app.transactions import on_commit

SYSTEM = "sistema"


def follow_owner(conversation: Conversation) -> None:
    """After each change of owner or status: who closed it, took it or let the bot go on ends the
    wait; who is no more with the consultant frees a place of theirs, and who is again takes it."""
    gone = conversation.status == "closed" or conversation.owner_kind != "nobody"
    if gone and (waiting := locked_waiting(conversation.id)) is not None:
        settle(waiting, "left")
    last = roster.last_of(conversation.id)
    if last is None:
        return
    is_held, is_theirs = last.released_at is None, _is_theirs(conversation, last)
    if is_held and not is_theirs:
        consultants.release(conversation.id)
    elif is_theirs and not is_held:
        consultants.hold_again(last)
        _go_on(last.protocol)
    if is_held != is_theirs:
        bar = ("bar", conversation.id)
        on_commit(partial(live.bar_changed, conversation.id), once=bar)


def follow_closing(conversation: Conversation) -> None:
    """Its protocol ends with it, where the company wants that."""
    last = roster.last_of(conversation.id)
    if last is None or not company.get(CLOSES):
        return
    if last.protocol.status not in protocols.ENDED:
        closer = conversation.closed_by_id
        by = db.session.get(User, closer) if closer is not None else None
        protocols.change(last.protocol_id, by or SYSTEM, {"status": "closed"})


def _is_theirs(conversation: Conversation, last: HandOut) -> bool:
    if conversation.status == "closed":
        return False
    if conversation.owner_kind == "outside":
        return conversation.consultant_id == last.consultant_id
    return conversation.owner_id is not None and conversation.owner_id == last.consultant.user_id


def _go_on(protocol: Protocol) -> None:
    if protocol.status == "closed":
        protocols.change(protocol.id, SYSTEM, {"status": "in_progress"})
