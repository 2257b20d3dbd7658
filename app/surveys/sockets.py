"""Who hears of the results: those who oversee the desk."""

from collections.abc import Iterable

from app.accounts import sockets
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.surveys import live


def rooms_of(user: User) -> Iterable[str]:
    """The rooms of this feature that a person's sockets belong in."""
    if user.can(Permission.CONVERSATIONS_VIEW_ALL):
        yield live.RESULTS


sockets.on_join.append(rooms_of)
