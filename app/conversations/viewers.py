"""Who looks at a conversation and who is typing in it: Redis only, forgotten by itself.

`viewers:<conversation>` maps "<user id>:<socket>" to "<seen at>|<typing until>". A socket that
went away without a word is forgotten after STALE_SECONDS without a heartbeat.
"""

from sqlalchemy import select

from app import clock
from app.accounts.models import User
from app.extensions import db, redis_client

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


def of(conversation_id: int) -> list[dict[str, object]]:
    """Who looks now, by name: id, name, initials, and whether they are typing."""
    now = clock.now().timestamp()
    typing: dict[int, bool] = {}
    for field, value in redis_client().hgetall(_key(conversation_id)).items():
        user_id = int(_text(field).split(":")[0])
        seen, until = (float(part) for part in _text(value).split("|"))
        if now - seen <= STALE_SECONDS:
            typing[user_id] = typing.get(user_id, False) or until > now
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


def version(people: list[dict[str, object]]) -> str:
    """What a screen shows of them, as one text."""
    return ",".join(f"{person['id']}{'t' if person['typing'] else ''}" for person in people)


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
