"""The one source of the time. Tests and the demo can shift it; production refuses a shift."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

COMPANY_ZONE = ZoneInfo("America/Sao_Paulo")

_shift = timedelta()


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC) + _shift


def shift(by: timedelta) -> None:
    """Move the clock `by` away from the machine's; `timedelta()` puts it right again."""
    global _shift
    _shift = by


def shifted() -> timedelta:
    """How far this clock is from the machine's, for statements that read the database's."""
    return _shift


def from_epoch(value: float) -> datetime:
    """An aware UTC time from seconds or milliseconds since 1970; which one is told by magnitude.

    Z-API gives `momment` in milliseconds for messages and in seconds for disconnections.
    """
    seconds = value / 1000 if value > 10**11 else value
    return datetime.fromtimestamp(seconds, UTC)
