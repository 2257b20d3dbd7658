"""Where presence is kept: Redis only.

Each person has a hash of their sockets, "<last heard of>|<1 when visible>"; when the last one goes,
the entry `left` stands in for it until `away_after_seconds` are over. What was last announced of
each person is kept beside it, so that any process can tell what is news, and only once.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Literal

import structlog
from redis.exceptions import RedisError

from app import clock
from app.extensions import current_settings, redis_client

log = structlog.get_logger()

State = Literal["online", "away", "offline"]

ANNOUNCED = "guiche:presence:announced"

# KEYS: each person's sockets. ARGV: now, seconds after which a silent socket is gone.
_STATE = """
local now, gone_after, states = tonumber(ARGV[1]), tonumber(ARGV[2]), {}
local function state_of(key)
  local state, entries = 'offline', redis.call('HGETALL', key)
  for i = 1, #entries, 2 do
    local at, visible = string.match(entries[i + 1], '([^|]*)|(.*)')
    if tonumber(at) + gone_after > now then
      if visible == '1' then state = 'online' elseif state == 'offline' then state = 'away' end
    else
      redis.call('HDEL', key, entries[i])
    end
  end
  return state
end
"""
_STATES = f"""{_STATE}
for i, key in ipairs(KEYS) do states[i] = state_of(key) end
return states
"""

# The last of KEYS: what was announced. ARGV[3]…: of whom. Answers a state where it is news.
# "waiting|<since>" was written when Redis was found empty: who is not heard of may just be about
# to be written again, so "offline" is news only once there was time for that.
_NEWS = f"""{_STATE}
local announced = KEYS[#KEYS]
local function news(state, who)
  local before = redis.call('HGET', announced, who)
  if before == state then return false end
  local since = before and string.match(before, 'waiting|(.*)')
  if since and state == 'offline' and tonumber(since) + gone_after > now then return false end
  redis.call('HSET', announced, who, state)
  return state
end
for i = 1, #KEYS - 1 do states[i] = news(state_of(KEYS[i]), ARGV[i + 2]) end
return states
"""

# ARGV[3]: the socket that goes. The last one's entry lives on as `left`.
_DEPART = """
local entry = redis.call('HGET', KEYS[1], ARGV[3])
redis.call('HDEL', KEYS[1], ARGV[3])
if entry and redis.call('HLEN', KEYS[1]) == 0 then
  redis.call('HSET', KEYS[1], 'left', ARGV[1] .. '|' .. string.match(entry, '|(.*)'))
  redis.call('EXPIRE', KEYS[1], math.ceil(ARGV[2]) + 60)
end
"""


# ARGV[3], [4]…: sockets, each with its visibility. All are written when Redis forgot the person.
_KEEP = """
local forgotten = redis.call('EXISTS', KEYS[1]) == 0
for i = 3, #ARGV, 2 do
  if forgotten or redis.call('HEXISTS', KEYS[1], ARGV[i]) == 1 then
    redis.call('HSET', KEYS[1], ARGV[i], ARGV[1] .. '|' .. ARGV[i + 1])
  end
end
redis.call('EXPIRE', KEYS[1], math.ceil(ARGV[2]) + 60)
"""


def state_of(user_ids: Iterable[int]) -> dict[int, State]:
    """The state of each of these people; offline when nothing is known of them, or of Redis."""
    people = list(user_ids)
    states: dict[int, State] = dict.fromkeys(people, "offline")
    try:
        states.update(_each(people, _STATES, []))
    except RedisError as error:
        log.warning("presence_unknown", error=str(error))
    return states


def news_of(user_ids: Iterable[int]) -> dict[int, State]:
    """The states that differ from what was announced; they now count as announced."""
    return _each(list(user_ids), _NEWS, [ANNOUNCED])


def note(user_id: int, socket_ids: dict[str, bool]) -> None:
    """These sockets of a person live; true for those whose page can be seen."""
    now, gone_after = _times()
    entries: dict[Any, Any] = {
        name: f"{now}|{int(visible)}" for name, visible in socket_ids.items()
    }
    pipe = redis_client().pipeline()
    pipe.hset(_key(user_id), mapping=entries)
    pipe.hdel(_key(user_id), "left")
    pipe.expire(_key(user_id), int(gone_after) + 60)
    pipe.execute()


def keep(user_id: int, socket_ids: dict[str, bool]) -> None:
    """These sockets of a person still lived a moment ago; those removed since stay removed."""
    flags = [part for name, visible in socket_ids.items() for part in (name, str(int(visible)))]
    redis_client().eval(_KEEP, 1, _key(user_id), *_texts(), *flags)


def remove(user_id: int, socket_id: str) -> None:
    """A person's socket went."""
    redis_client().eval(_DEPART, 1, _key(user_id), *_texts(), socket_id)


def expect(user_ids: Iterable[int]) -> None:
    """Redis was found empty: nothing is known of these people, and all of it will be news."""
    redis_client().hset(
        ANNOUNCED, mapping={str(user_id): f"waiting|{_times()[0]}" for user_id in user_ids}
    )


def announced() -> dict[int, str]:
    """What was last announced of each person."""
    kept: dict[Any, Any] = redis_client().hgetall(ANNOUNCED)
    return {int(user_id): state.decode() for user_id, state in kept.items()}


def _each(people: list[int], script: str, more_keys: list[str]) -> dict[int, State]:
    """What the script says of each of them, all in one call."""
    if not people:
        return {}
    keys = [*map(_key, people), *more_keys]
    answers: Any = redis_client().eval(script, len(keys), *keys, *_texts(), *map(str, people))
    found: Iterator[tuple[int, Any]] = zip(people, answers, strict=True)
    return {user_id: answer.decode() for user_id, answer in found if answer is not None}


def _times() -> tuple[float, float]:
    return clock.now().timestamp(), current_settings().away_after_seconds


def _texts() -> tuple[str, str]:
    now, gone_after = _times()
    return str(now), str(gone_after)


def _key(user_id: int) -> str:
    return f"guiche:presence:{user_id}"
