"""Who hears of protocols: those who may open them. What is told is only that something changed."""

from collections.abc import Iterable

from app.accounts import sockets
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.protocols import live


def rooms_of(user: User) -> Iterable[str]:
    """The rooms of protocols that a person's sockets belong in."""
    if user.can(Permission.PROTOCOLS_VIEW):
        yield live.ROOM


sockets.on_join.append(rooms_of)
