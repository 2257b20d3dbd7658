"""Months as integers (year × 12 + month − 1) and the dates that they make."""

import calendar
import re
from datetime import date

from app.debts.engine.faults import DebtFault
from app.words import N_

FIRST_YEAR, LAST_YEAR = 1970, 2100
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


def month_of(day: date) -> int:
    """The month that a day lies in."""
    return day.year * 12 + day.month - 1


def month_text(month: int) -> str:
    """`2026-11`."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def read_month(text: object) -> int:
    """A month from `2026-11`. Raises DebtFault."""
    found = _MONTH.fullmatch(text) if isinstance(text, str) else None
    if not found or not 1 <= int(found[2]) <= 12:
        raise DebtFault(N_("este mês não existe"), value=text)
    return int(found[1]) * 12 + int(found[2]) - 1


def read_date(text: object) -> date:
    """A date from `2026-11-30`. Raises DebtFault for what the calendar does not have."""
    if isinstance(text, date):
        return checked_date(text)
    found = _DATE.fullmatch(text.strip()) if isinstance(text, str) else None
    if not found:
        raise DebtFault(N_("não é uma data (aaaa-mm-dd)"), value=text)
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise DebtFault(N_("esta data não existe"), value=text) from None
    return checked_date(day)


def checked_date(day: date) -> date:
    """The day as it is, from 1970 to 2100. Raises DebtFault."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise DebtFault(N_("esta data fica fora de 1970 a 2100"), value=day.isoformat())
    return day


def anchored(month: int, anchor: int) -> date:
    """The anchor day of a month, or the month's last day. Raises DebtFault outside 1970–2100."""
    year, index = divmod(month, 12)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise DebtFault(N_("esta data fica fora de 1970 a 2100"), value=month_text(month))
    return date(year, index + 1, anchor if anchor < 29 else min(anchor, _length(year, index + 1)))


def _length(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def months_and_days(start: date, end: date) -> tuple[int, int]:
    """Whole anniversaries between two days (clamped to month ends), and the days after the last."""
    months = month_of(end) - month_of(start)
    if months > 0 and anchored(month_of(start) + months, start.day) > end:
        months -= 1
    if months <= 0:
        return 0, max(0, (end - start).days)
    last = anchored(month_of(start) + months, start.day)
    return months, (end - last).days
