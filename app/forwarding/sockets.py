"""Who hears of the line: those who see conversations."""

from collections.abc import Iterable

from app.accounts import sockets
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.forwarding import live


def rooms_of(user: User) -> Iterable[str]:
    """The rooms of this feature that a person's sockets belong in."""
    if user.can(Permission.CONVERSATIONS_VIEW):
        yield live.ROOM


sockets.on_join.append(rooms_of)
