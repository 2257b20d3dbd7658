"""Who is there: online, away (every tab hidden), or offline a minute after the last tab.

The web processes write the sockets they hold again and again, so an emptied Redis fills by itself;
while Redis is away nothing is announced and everybody looks offline.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

import structlog
from redis.exceptions import RedisError
from sqlalchemy import select

from app.accounts import live, presence_store
from app.accounts.models import User
from app.accounts.presence_store import State
from app.extensions import db

log = structlog.get_logger()

# Called with each person whose state is news, and the state; filled by create_app().
on_change: list[Callable[[int, State], None]] = []


def state_of(user_ids: Iterable[int]) -> dict[int, State]:
    """The state of each of these people; offline when nothing is known of them."""
    return presence_store.state_of(user_ids)


def arrived(user_id: int, socket_id: str) -> None:
    """A socket was opened; what is announced is its first heartbeat, which says if it is seen."""
    with _without_redis_nobody_knows():
        presence_store.note(user_id, {socket_id: True})


def heard(user_id: int, socket_id: str, visible: bool) -> None:
    """A page says that it lives, and whether it can be seen."""
    with _without_redis_nobody_knows():
        presence_store.note(user_id, {socket_id: visible})
        _announce([user_id])


def departed(user_id: int, socket_id: str) -> None:
    """A socket was closed."""
    with _without_redis_nobody_knows():
        presence_store.remove(user_id, socket_id)
        _announce([user_id])


def keep(sockets: Mapping[int, dict[str, bool]]) -> None:
    """Write again what a web process holds: person -> socket -> whether its page can be seen."""
    with _without_redis_nobody_knows():
        for user_id, theirs in sockets.items():
            presence_store.keep(user_id, theirs)


def settle() -> None:
    """Announce who went away or offline meanwhile, or whose last word was lost."""
    with _without_redis_nobody_knows():
        known = presence_store.announced()
        if not known:
            presence_store.expect(db.session.scalars(select(User.id).where(User.active)))
            known = presence_store.announced()
        _announce([user_id for user_id, state in known.items() if state != "offline"])


def _announce(user_ids: Iterable[int]) -> None:
    for user_id, state in presence_store.news_of(user_ids).items():
        live.presence_changed(user_id, state)
        for hook in on_change:
            hook(user_id, state)


@contextmanager
def _without_redis_nobody_knows() -> Iterator[None]:
    try:
        yield
    except RedisError as error:
        log.warning("presence_unknown", error=str(error))
