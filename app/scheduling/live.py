"""What scheduled messages announce: to the open thread, to the pages that list them, to authors."""

from typing import Any

from sqlalchemy import Select

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.conversations.live import INBOX, room_by_id
from app.extensions import db
from app.live import push, region, touch, user_room
from app.scheduling import queries
from app.scheduling.models import ScheduledMessage

PAGES = ("scheduled-page:minhas", "scheduled-page:todas")


def changed(conversation_id: int) -> None:
    """One was written, changed, sent, missed or cancelled."""
    touch(room_by_id(conversation_id), f"scheduled:{conversation_id}")
    touch(INBOX, *PAGES)


def not_sent(scheduled: ScheduledMessage) -> None:
    """Its author, who may be looking elsewhere, learns that it did not go."""
    push(user_room(scheduled.author_id), "scheduling/live/not_sent.html", scheduled=scheduled)


@region("scheduled")
def _conversation_version(user_id: int, argument: str, shown: str) -> Select[Any] | None:
    viewer = db.session.get(User, user_id)
    if viewer is None or not argument.isdecimal() or len(argument) > 18:
        return None
    return queries.version_of_conversation(viewer, int(argument))


@region("scheduled-page")
def _page_version(user_id: int, argument: str, shown: str) -> Select[Any] | None:
    viewer = db.session.get(User, user_id)
    if viewer is None or not viewer.can(Permission.CONVERSATIONS_WORK):
        return None
    return queries.version_of_page(viewer, argument)
