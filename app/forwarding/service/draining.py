"""The line moves: the oldest of each language first, as soon as somebody is free."""

from app.accounts.models import User
from app.consultants import service as consultants
from app.conversations.threads import locked
from app.extensions import db
from app.forwarding import queries
from app.forwarding.service import telling
from app.forwarding.service.handing import hand, locked_waiting, settle
from app.transactions import atomic


def drain() -> int:
    """Hand over whom somebody is free for, each in a transaction of its own; how many went."""
    nobody: set[str] = set()
    went = 0
    for waiting_id, conversation_id, language in queries.heads():
        if language.lower() in nobody:
            continue
        considered = _try(waiting_id, conversation_id)
        if considered is None:
            went += 1
        elif "silent" not in considered:  # else somebody is free, only not for this one
            nobody.add(language.lower())
    if went:
        tell_moved()
    return went


def _try(waiting_id: int, conversation_id: int) -> dict[str, list[int]] | None:
    """Hand one over; why nobody could have it, or None when it waits no more."""
    with atomic():
        conversation = locked(conversation_id)
        waiting = locked_waiting(conversation_id)
        if waiting is None or waiting.id != waiting_id:
            return None
        choice = consultants.choose(waiting.language, waiting.refused)
        if choice.consultant is None:
            considered = dict(choice.considered)
            if waiting.considered != considered:
                waiting.considered = considered
                waiting.version += 1
            return considered
        settle(waiting, "handed")
        by = db.session.get(User, waiting.by_id) if waiting.by_id else None
        hand_out = hand(conversation, choice, choice.consultant, by, from_line=True)
        waiting.hand_out_id = hand_out.id
    return None


def tell_moved() -> None:
    """Tell those who came notably nearer."""
    for place in queries.line():
        if telling.is_notable(place.waiting.conversation, place.waiting, place.position):
            _tell(place.waiting.id, place.waiting.conversation_id)


def _tell(waiting_id: int, conversation_id: int) -> None:
    with atomic():
        conversation = locked(conversation_id)
        waiting = locked_waiting(conversation_id)
        if waiting is None or waiting.id != waiting_id:
            return
        position = queries.position(waiting)
        if telling.is_notable(conversation, waiting, position):
            telling.moved(conversation, waiting, position)
