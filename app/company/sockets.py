"""Who hears of the settings: those who may change them."""

from collections.abc import Iterable

from app.accounts import sockets
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.company import live


def rooms_of(user: User) -> Iterable[str]:
    """The rooms of this feature that a person's sockets belong in."""
    if user.can(Permission.COMPANY_MANAGE):
        yield live.ROOM


sockets.on_join.append(rooms_of)
