"""The budget of calls per minute and per day, which all processes and this client's users share.

Redis counts; when it is away the vendor counts all the same. Days are the company's.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from redis.exceptions import RedisError

from app import clock
from app.extensions import current_settings, redis_client
from app.integrations.base import IntegrationError, Outcome
from app.integrations.sienge import options

MINUTE, DAY = 60, 86_400
TOLD_TO_WAIT = 60.0  # when a 429 does not say how long
MOST_REFUSALS = 3  # told to wait this often in a row, the day's budget is gone


@dataclass(frozen=True, slots=True)
class Spent:
    """How much of the budget is used, and until when the vendor asked us to wait."""

    minute: int
    minute_most: int
    day: int
    day_most: int
    paused_until: datetime | None = None
    known: bool = True  # whether Redis could be asked

    @property
    def left_today(self) -> int:
        """Calls that remain."""
        return max(0, self.day_most - self.day)


def take() -> None:
    """Count one call. Raises IntegrationError, saying for how long, when there is none to spend."""
    now = clock.now()
    try:
        paused = _paused_for(now)
        if paused > 0:
            raise IntegrationError(
                _("O Sienge pediu para esperar; continuamos sozinhos."),
                Outcome.NEVER_LEFT, 429, paused,
            )  # fmt: skip
        minute = _count(_minute_key(now), 2 * MINUTE)
        if minute > current_settings().sienge_calls_per_minute:
            raise IntegrationError(
                _("Já foram feitas as consultas deste minuto ao Sienge; continuamos no próximo."),
                Outcome.NEVER_LEFT, 429, MINUTE - now.timestamp() % MINUTE + random.random(),  # noqa: S311 - spreads the callers
            )  # fmt: skip
        today = _count(_day_key(now), 2 * DAY)
    except RedisError:
        return
    if today > options.calls_a_day():
        raise IntegrationError(
            _("As consultas de hoje ao Sienge acabaram; continuamos amanhã."),
            Outcome.NEVER_LEFT, 429, until_tomorrow(now),
        )  # fmt: skip


def refused(asked: float | None) -> float:
    """The vendor answered 429: everybody waits as long as it asked, or until tomorrow when it said
    so several times in a row. The seconds to wait."""
    now = clock.now()
    wait = (asked if asked else TOLD_TO_WAIT) + random.random() * 5  # noqa: S311 - spreads the callers
    try:
        if _count(_key("refusals"), DAY) >= MOST_REFUSALS:
            wait = until_tomorrow(now)
        until = now + timedelta(seconds=wait)
        redis_client().set(_key("pause"), until.timestamp(), ex=max(1, round(wait)))
    except RedisError:
        pass  # the one who was refused waits
    return wait


def answered() -> None:
    """A call went through: refusals are no longer in a row."""
    try:
        redis_client().delete(_key("refusals"), _key("pause"))
    except RedisError:
        return


def spent() -> Spent:
    """What is used of the budget now."""
    now, most = clock.now(), current_settings().sienge_calls_per_minute
    day_most = options.calls_a_day()
    try:
        minute, day, paused = redis_client().mget(_minute_key(now), _day_key(now), _key("pause"))
    except RedisError:
        return Spent(0, most, 0, day_most, known=False)
    until = datetime.fromtimestamp(float(paused), now.tzinfo) if paused else None
    return Spent(int(minute or 0), most, int(day or 0), day_most, until)


def until_tomorrow(now: datetime) -> float:
    """Seconds until the company's next day, and a minute more."""
    local = now.astimezone(clock.COMPANY_ZONE)
    midnight = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight - local).total_seconds() + MINUTE


def _paused_for(now: datetime) -> float:
    paused = redis_client().get(_key("pause"))
    return float(paused) - now.timestamp() if paused else 0.0


def _count(key: str, lasts: int) -> int:
    with redis_client().pipeline() as pipe:
        pipe.incr(key)
        pipe.expire(key, lasts)
        return int(pipe.execute()[0])


def _minute_key(now: datetime) -> str:
    return _key(f"minute:{int(now.timestamp()) // MINUTE}")


def _day_key(now: datetime) -> str:
    return _key(f"day:{now.astimezone(clock.COMPANY_ZONE):%Y%m%d}")


def _key(name: str) -> str:
    return f"guiche:sienge:{current_settings().sienge_subdomain}:{name}"
