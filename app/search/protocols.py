"""Protocols, found by their number."""

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.contacts.presenting import name_of
from app.errors import NotFound
from app.protocols import numbers, queries
from app.protocols.wording import status_name
from app.search.hooks import Numbered
from app.web import path_for


def numbered(viewer: User, number: int) -> list[Numbered]:
    """The protocol with this number, if this person may see it."""
    if not viewer.can(Permission.PROTOCOLS_VIEW):
        return []
    try:
        found = queries.find(viewer, number)
    except NotFound:
        return []
    about = [status_name(found.status), name_of(found.contact) if found.contact else ""]
    return [
        Numbered(
            numbers.written(found.number),
            " · ".join(part for part in about if part),
            path_for("protocols.protocol_page", number=found.number),
        )
    ]
