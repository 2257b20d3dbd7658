"""Who hears of debts: those who may see them. What is told is only that something changed."""

from collections.abc import Iterable

from app.accounts import sockets
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.debts.lookups import live


def rooms_of(user: User) -> Iterable[str]:
    """The rooms of debts that a person's sockets belong in."""
    if user.can(Permission.DEBTS_VIEW):
        yield live.ROOM


sockets.on_join.append(rooms_of)
