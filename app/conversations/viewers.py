"""Who looks at a conversation and who is typing in it: Redis only, forgotten by itself.

`viewers:<conversation>` maps "<user id>:<socket>" to "<seen at>|<typing until>". A socket that
went away without a word is forgotten after STALE_SECONDS without a heartbeat.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from redis.exceptions import RedisError
from sqlalchemy import select

from app import clock
from app.accounts.models import User
from app.extensions import db, redis_client

log = structlog.get_logger()

STALE_SECONDS = 60
TYPING_SECONDS = 6


def _key(conversation_id: int) -> str:
    return f"viewers:{conversation_id}"


def look(conversation_id: int, user_id: int, socket_id: str, typing: bool = False) -> None:
    """Note that this socket shows the conversation now, and whether its person is typing."""
    now = clock.now().timestamp()
    until = now + TYPING_SECONDS if typing else 0
    redis = redis_client()
    redis.hset(_key(conversation_id), f"{user_id}:{socket_id}", f"{now:.0f}|{until:.0f}")
    redis.expire(_key(conversation_id), STALE_SECONDS * 2)


def leave(conversation_id: int, user_id: int, socket_id: str) -> None:
    """This socket no longer shows the conversation."""
    redis_client().hdel(_key(conversation_id), f"{user_id}:{socket_id}")


def present(conversation_id: int) -> dict[int, bool]:
    """Who looks now: user id -> whether they are typing. Nobody while Redis is away."""
    now = clock.now().timestamp()
    typing: dict[int, bool] = {}
    try:
        kept = redis_client().hgetall(_key(conversation_id))
    except RedisError as error:
        log.warning("viewers_unknown", error=str(error))
        return {}
    for field, value in kept.items():
        user_id = int(_text(field).split(":")[0])
        seen, until = (float(part) for part in _text(value).split("|"))
        if now - seen <= STALE_SECONDS:
            typing[user_id] = typing.get(user_id, False) or until > now
    return typing


def looked_at(conversation_ids: Sequence[int]) -> set[int]:
    """Those of the conversations that a screen may show, of any process; all while Redis is away.

    Pages say every few seconds what they show, and what they said is kept for longer than
    a hidden tab may be silent. After an emptied Redis a thread misses what comes before it says so
    again: the next version, or the next look at all versions, brings that.
    """
    pipe = redis_client().pipeline(transaction=False)
    for conversation_id in conversation_ids:
        pipe.exists(_key(conversation_id))
    try:
        answers = pipe.execute()
    except RedisError:
        return set(conversation_ids)
    return {which for which, looks in zip(conversation_ids, answers, strict=True) if looks}


def version(conversation_id: int) -> str:
    """What a screen shows of them, as one text: "3,5t"."""
    return _version(present(conversation_id))


def version_of(people: list[dict[str, object]]) -> str:
    """The same of people that were read before."""
    return _version({person["id"]: bool(person["typing"]) for person in people})


def _version(typing: Mapping[Any, bool]) -> str:
    return ",".join(f"{user_id}{'t' if typing[user_id] else ''}" for user_id in sorted(typing))


def of(conversation_id: int) -> list[dict[str, object]]:
    """Who looks now, by name: id, name, initials, and whether they are typing."""
    typing = present(conversation_id)
    if not typing:
        return []
    people = db.session.scalars(select(User).where(User.id.in_(typing)).order_by(User.name))
    return [
        {
            "id": user.id,
            "name": user.name,
            "initials": user.initials,
            "typing": typing[user.id],
        }
        for user in people
    ]


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
