"""What surveys announce: to the open conversation, and to the page of results."""

from typing import Any

from sqlalchemy import Select, Text, cast, select

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.conversations import queries as conversations
from app.conversations.live import room_by_id
from app.conversations.models import Conversation
from app.extensions import db
from app.live import region, touch
from app.surveys import queries
from app.surveys.models import Survey

RESULTS = "surveys"


def changed(conversation_id: int) -> None:
    """It was asked, answered, or will not be."""
    touch(room_by_id(conversation_id), f"survey:{conversation_id}")


def answered() -> None:
    """There is a new score or comment."""
    touch(RESULTS, "survey-results:all")


@region("survey")
def _conversation_version(user_id: int, argument: str, shown: str) -> Select[Any] | None:
    viewer = db.session.get(User, user_id)
    if viewer is None or not argument.isdecimal() or len(argument) > 18:
        return None
    query = select(cast(Survey.version, Text)).join(
        Conversation, Conversation.id == Survey.conversation_id
    )
    return conversations.visible_to(viewer, query).where(Conversation.id == int(argument))


@region("survey-results")
def _results_version(user_id: int, argument: str, shown: str) -> Select[Any] | None:
    viewer = db.session.get(User, user_id)
    if viewer is None or not viewer.can(Permission.CONVERSATIONS_VIEW_ALL):
        return None
    return queries.version()
