"""Who hears of offers and agreements: those who may look at debts."""

from collections.abc import Iterable

from app.accounts import sockets
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.debts.agreements import live


def rooms_of(user: User) -> Iterable[str]:
    """The rooms of agreements that a person's sockets belong in."""
    if user.can(Permission.DEBTS_VIEW):
        yield live.ROOM


sockets.on_join.append(rooms_of)
