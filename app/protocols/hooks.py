"""What the rooms above tell protocols, which know nothing of them."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import ColumnElement

from app.accounts.models import User
from app.protocols.models import Protocol

# The names of all consultants by id, those who left included.
consultants: list[Callable[[], dict[int, str]]] = []
# Those who can be chosen now, by id.
offered_consultants: list[Callable[[], dict[int, str]]] = []
# The condition on protocols of conversations that this person may see; None: they see all.
seen: list[Callable[[User], ColumnElement[bool] | None]] = []
# Tells the customer of a protocol's conversation its number; raises Conflict when nobody may.
tell: list[Callable[[User, Protocol], Any]] = []
# Called in the transaction with each protocol that was allocated or changed.
on_change: list[Callable[[Protocol], None]] = []
# Who a consultant is in the CRM.
crm_owners: list[Callable[[int], int | None]] = []
# The panes beside a protocol that features add: (template, its context for this protocol).
panes: list[Callable[[User, Protocol], tuple[str, dict[str, Any]] | None]] = []


def consultant_names() -> dict[int, str]:
    """Everybody who ever was a consultant, by id."""
    return {number: name for named in consultants for number, name in named().items()}


def choosable() -> dict[int, str]:
    """The consultants to whom a protocol can be given now."""
    return {number: name for named in offered_consultants for number, name in named().items()}


def crm_owner(consultant_id: int | None) -> int | None:
    """The CRM's id of a consultant, if somebody typed it."""
    if consultant_id is None:
        return None
    return next(filter(None, (owner(consultant_id) for owner in crm_owners)), None)


def shown_panes(viewer: User, protocol: Protocol) -> Sequence[tuple[str, dict[str, Any]]]:
    """What other features show beside a protocol."""
    found = (pane(viewer, protocol) for pane in panes)
    return [one for one in found if one is not None]
