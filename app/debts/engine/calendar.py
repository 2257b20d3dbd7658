"""The bank calendar: which days banks work, and what that does to due dates."""

import threading
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

from app.debts.engine.months import anchored, checked_date, month_of

_DAY = timedelta(days=1)
LEAST_GAP = 20  # days between a down payment and the first instalment
VALIDITY = 5  # business days that an offer stands
_reading = threading.Lock()  # the library builds its tables while they are read


@lru_cache(maxsize=256)
def bank_holidays(year: int) -> frozenset[date]:
    """The national bank holidays of a year, those of ANBIMA's list.

    The exchange also rests on 24 December and on the year's last working day (`holidays` counts
    them since 0.109); banks take boletos then, so of December only Christmas stays.
    """
    with _reading:
        found = holidays.financial_holidays("BVMF", years=[year])
    return frozenset(
        day for day in found if day.year == year and not (day.month == 12 and day.day != 25)
    )


@dataclass(frozen=True, slots=True)
class BankCalendar:
    """National bank days, less a company's own `extra` days without banks."""

    extra: frozenset[date] = frozenset()

    def is_business(self, day: date) -> bool:
        """Whether banks work on this day."""
        return day.weekday() < 5 and day not in bank_holidays(day.year) and day not in self.extra

    def payable_until(self, due: date) -> date:
        """The first business day on or after a due date: paid then, it is paid in time.

        Lei 7.089/1983; CC art. 132 §1. Raises DebtFault outside 1970–2100.
        """
        day = checked_date(due)
        while not self.is_business(day):
            day += _DAY
        return day

    def add_business_days(self, start: date, days: int) -> date:
        """The day that comes `days` business days after `start`, which itself never counts."""
        day = checked_date(start)
        for _ in range(days):
            day += _DAY
            while not self.is_business(day):
                day += _DAY
        return checked_date(day)


NATIONAL = BankCalendar()


def monthly_due_dates(first: date, anchor: int, count: int) -> tuple[date, ...]:
    """`count` due dates, one a month. The anchor is kept: 31 Jan, 28 Feb, 31 Mar (MARKET)."""
    start = month_of(checked_date(first))
    return (first, *(anchored(start + step, anchor) for step in range(1, count)))


def first_due_date(down_payment: date, anchor: int, least_gap: int = LEAST_GAP) -> date:
    """The anchor day of the month after a down payment; later while too near (POLICY)."""
    month = month_of(checked_date(down_payment)) + 1
    day = anchored(month, anchor)
    while (day - down_payment).days < least_gap:
        month += 1
        day = anchored(month, anchor)
    return day


def valid_until(issued: date, calendar: BankCalendar = NATIONAL, days: int = VALIDITY) -> date:
    """Until when an offer stands: business days after its issue, never under two calendar days."""
    return max(calendar.add_business_days(issued, days), issued + 2 * _DAY)
