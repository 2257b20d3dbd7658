"""What the line announces: the bars of waiting conversations, and the line itself."""

from functools import partial

from sqlalchemy import Select, literal, select

from app import live
from app.accounts.models import User
from app.conversations.models import Conversation
from app.conversations.queries import visible_to
from app.extensions import db
from app.forwarding import queries
from app.live import touch
from app.queueing import enqueue

ROOM = "waiting-line"
MOST_TOLD = 200

somebody_waits = partial(enqueue, "jobs.live.hand_out_waiting", queue="live")


def line_changed() -> None:
    """Somebody entered or left the line: the places of those who wait changed.

    Says only which conversations they are.
    """
    waiting = [conversation_id for _, conversation_id, _ in queries.heads()[:MOST_TOLD]]
    touch(ROOM, "turn:all", *(f"forwarding:{one}" for one in waiting))


def bar_changed(conversation_id: int) -> None:
    """Who has a conversation, or whether it waits, changed."""
    touch(ROOM, f"forwarding:{conversation_id}")


@live.region("forwarding")
def _bar_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    viewer = db.session.get(User, user_id)
    if viewer is None or not argument.isdecimal() or len(argument) > 18:
        return None
    version = queries.version_of(literal(int(argument))).scalar_subquery()
    return visible_to(viewer, select(version)).where(Conversation.id == int(argument))
