"""What changes rarely and is read with every page, kept in each process.

All of it is kept with the token that stood in Redis before it was read. Whoever changes something
calls `forget` in the transaction: a new token then stands there, and each process reads again at
its next question. Without Redis the database is asked each time; should a process die between its
commit and the token, the others notice after KEPT_SECONDS. One piece of work (a request, a job: one
session) asks Redis once, and so knows the same from its beginning to its end; what begins within
SHARED_SECONDS of another's question takes its answer, so that a burst asks once.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from redis.exceptions import RedisError
from sqlalchemy import URL

from app.extensions import db, redis_client
from app.transactions import on_commit

Thing = TypeVar("Thing")

TOKEN = "company:token"  # noqa: S105 - says that something changed; no secret
KEPT_SECONDS = 30
SHARED_SECONDS = 0.01
ASKED_SECONDS = 1  # a session that lives longer asks Redis again


@dataclass(slots=True)
class _Kept:
    token: object
    database: URL
    began: float = field(default_factory=time.monotonic)
    things: dict[str, Any] = field(default_factory=dict)

    def is_for(self, token: object, database: URL) -> bool:
        is_young = time.monotonic() - self.began <= KEPT_SECONDS
        return is_young and (self.token, self.database) == (token, database)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What stood in Redis when a session asked, and after how many changes of this process."""

    token: object
    changes: int
    database: URL
    at: float = field(default_factory=time.monotonic)

    def is_good(self, seconds: float) -> bool:
        return self.changes == _changes and time.monotonic() - self.at <= seconds


_kept: _Kept | None = None
_last: _Asked | None = None
_changes = 0  # made by this process


def remember(name: str, load: Callable[[], Thing]) -> Thing:
    """What `load` reads from the database; plain values only, they outlive the session."""
    global _kept
    database = db.engine.url
    try:
        token = _token(database)
    except RedisError:
        return load()
    kept = _kept
    if kept is None or not kept.is_for(token, database):
        kept = _kept = _Kept(token, database)
    if name not in kept.things:
        kept.things[name] = load()
    thing: Thing = kept.things[name]
    return thing


def forget() -> None:
    """After the commit, have every process read again."""
    on_commit(_new_token, once="company-memory")


def _token(database: URL) -> object:
    global _last
    asked: _Asked | None = db.session.info.get("company_memory")
    if asked is not None and asked.is_good(ASKED_SECONDS):
        return asked.token
    if _last is None or _last.database != database or not _last.is_good(SHARED_SECONDS):
        changes = _changes  # before the question: what changes meanwhile makes the answer old
        _last = _Asked(redis_client().get(TOKEN), changes, database)
    db.session.info["company_memory"] = _last
    return _last.token


def _new_token() -> None:
    global _kept, _changes
    _kept = None
    _changes += 1
    redis_client().set(TOKEN, secrets.token_hex(8))
