"""What quick replies announce: composers and the page ask for their own list again."""

from sqlalchemy import Select

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.conversations.live import INBOX
from app.extensions import db
from app.live import region, touch, user_room
from app.quick_replies import queries

REGIONS = ("quick-replies:all", "quick-replies:page")


def changed(owner_id: int, for_all: bool) -> None:
    """A ready text was written, changed or deleted."""
    touch(INBOX if for_all else user_room(owner_id), *REGIONS)


def used() -> None:
    """Some were used: the page counts anew."""
    touch(INBOX, "quick-replies:page")


@region("quick-replies")
def _version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    user = db.session.get(User, user_id)
    if user is None or not user.can(Permission.CONVERSATIONS_WORK):
        return None
    return queries.version(user_id) if argument == "all" else queries.page_version(user_id)
