"""What higher features have to do when a contact changes; `create_app()` fills it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from typing import Any

from app.contacts import live
from app.contacts.models import Contact
from app.transactions import on_commit

Moved = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MergeHook:
    """How a feature's rows follow a merge, in its transaction.

    `merge(kept_id, absorbed_id)` moves them and returns, as JSON, exactly what moved;
    `undo(kept_id, absorbed_id, moved)` moves that back and nothing else.
    """

    merge: Callable[[int, int], Moved]
    undo: Callable[[int, int, Moved], None]


# By the feature's name, under which the merge keeps what moved.
on_merge: dict[str, MergeHook] = {}

# Called in the transaction with the id of a contact whose name changed.
on_change: dict[str, Callable[[int], None]] = {}


# The contact of a conversation at this moment; filled by conversations, which we know nothing of.
beside: list[Callable[[int], int | None]] = []


# The channels' names by id, for whoever says on which of them; filled by channels.
channels: list[Callable[[], dict[int, str]]] = []


def channel_names() -> dict[int, str]:
    """Every channel there is, by id."""
    return {number: name for named in channels for number, name in named().items()}


def merged(kept_id: int, absorbed_id: int) -> dict[str, Moved]:
    """Let every feature follow a merge; what each of them moved, by the feature's name."""
    return {name: hook.merge(kept_id, absorbed_id) for name, hook in on_merge.items()}


def separated(kept_id: int, absorbed_id: int, moved: dict[str, Moved]) -> None:
    """Let every feature give back what it moved."""
    for name, hook in on_merge.items():
        if name in moved:
            hook.undo(kept_id, absorbed_id, moved[name])


def changed(contact: Contact, renamed: bool = False) -> None:
    """A locked contact is about to be saved with changes: raise its version and announce them."""
    contact.version += 1
    if renamed:
        for follow in on_change.values():
            follow(contact.id)
    on_commit(partial(live.contact_changed, contact.id), once=("contact", contact.id))
    listed()


def removed(contact_id: int) -> None:
    """A contact is gone: whoever shows it is told."""
    on_commit(partial(live.contact_changed, contact_id), once=("contact", contact_id))
    listed()


# Set by who changes very many contacts and tells the lists by itself, from time to time.
_unlisted: ContextVar[bool] = ContextVar("unlisted", default=False)


def listed() -> None:
    """A contact is new, or what the list shows of one changed: lists ask again, once."""
    if not _unlisted.get():
        on_commit(live.list_changed, once="contacts listed")


@contextmanager
def unlisted() -> Iterator[None]:
    """Lists are not told of what changes within."""
    before = _unlisted.set(True)
    try:
        yield
    finally:
        _unlisted.reset(before)
