"""Who hears of runs over portfolios: those who may make them."""

from collections.abc import Iterable

from app.accounts import sockets
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.debts.portfolio.runs import live


def rooms_of(user: User) -> Iterable[str]:
    """The rooms of runs that a person's sockets belong in."""
    if user.can(Permission.DEBTS_PORTFOLIO):
        yield live.ROOM


sockets.on_join.append(rooms_of)
