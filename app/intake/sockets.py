"""Who hears of the list of receipts: those who may open the page."""

from collections.abc import Iterable

from app.accounts import sockets
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.intake import live


def rooms_of(user: User) -> Iterable[str]:
    """The rooms of this feature that a person's sockets belong in."""
    if user.can(Permission.RECEIPTS_VIEW):
        yield live.ROOM


sockets.on_join.append(rooms_of)
