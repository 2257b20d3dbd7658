"""Months and due days."""

import calendar
from datetime import date

SETTLED = 6  # days after which a past due date is late whatever the holidays around it


def on(month: int, day: int) -> date:
    """The day of a month counted from the year 0, or its last."""
    year, index = divmod(month, 12)
    return date(year, index + 1, min(day, calendar.monthrange(year, index + 1)[1]))


def month_of(day: date) -> int:
    """Year × 12 + month − 1."""
    return day.year * 12 + day.month - 1


def last_due(today: date, day: int) -> int:
    """The newest month whose due day has passed for so long that an instalment is surely late."""
    month = month_of(today)
    while (today - on(month, day)).days < SETTLED:
        month -= 1
    return month
