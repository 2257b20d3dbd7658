"""Who hears of imports: those who may make them."""

from collections.abc import Iterable

from app.accounts import sockets
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.contacts.transfers import live


def rooms_of(user: User) -> Iterable[str]:
    """The rooms of imports that a person's sockets belong in."""
    if user.can(Permission.CONTACTS_IMPORT):
        yield live.IMPORTS


sockets.on_join.append(rooms_of)
