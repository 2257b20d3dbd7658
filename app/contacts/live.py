"""What contacts announce to the screens."""

from typing import Any

from sqlalchemy import Select, Text, cast, select

from app import live
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.contacts.models import Contact
from app.extensions import db

ROOM = "inbox"


def contact_changed(contact_id: int) -> None:
    """Whoever shows this contact asks for it again."""
    live.touch(ROOM, f"contact:{contact_id}")


@live.region("contact")
def _contact_version(user_id: int, argument: str, shown: str) -> Select[tuple[str]] | None:
    may = db.session.get_one(User, user_id).can(Permission.CONVERSATIONS_VIEW)
    if not (may and argument.isdecimal() and len(argument) < 19):
        return None
    version: Any = cast(Contact.version, Text)
    return select(version).where(Contact.id == int(argument))
