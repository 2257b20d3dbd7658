"""Who hears of the channels page: those who may open the page."""

from collections.abc import Iterable

from app.accounts import sockets
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.channels import live


def rooms_of(user: User) -> Iterable[str]:
    """The rooms of this feature that a person's sockets belong in."""
    if user.can(Permission.CHANNELS_VIEW):
        yield live.ROOM


sockets.on_join.append(rooms_of)
