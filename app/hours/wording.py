"""Hours in words, in the language of whoever reads: staff and customers alike."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.business_time import Calendar, Day, next_opening


def opening_text(calendar: Calendar, now: datetime) -> str:
    """When it opens next: "hoje às 13:00", "amanhã às 08:00", "segunda-feira, 30/11, às 08:00"."""
    opens = next_opening(calendar, now)
    if opens is None:
        return _("assim que voltarmos")
    return moment_text(calendar, opens, now)


def moment_text(calendar: Calendar, moment: datetime, now: datetime) -> str:
    """A moment to come as one says it."""
    zone = ZoneInfo(calendar.zone)
    there, today = moment.astimezone(zone), now.astimezone(zone).date()
    at = there.strftime("%H:%M")
    days = (there.date() - today).days
    if days == 0:
        return _("hoje às %(time)s", time=at)
    if days == 1:
        return _("amanhã às %(time)s", time=at)
    weekday, day = weekday_names()[there.weekday()], there.strftime("%d/%m")
    return _("%(weekday)s, %(day)s, às %(time)s", weekday=weekday, day=day, time=at)


def weekday_names() -> list[str]:
    """Monday first."""
    return [
        _("segunda-feira"),
        _("terça-feira"),
        _("quarta-feira"),
        _("quinta-feira"),
        _("sexta-feira"),
        _("sábado"),
        _("domingo"),
    ]


def short_weekdays() -> list[str]:
    """Monday first."""
    return [_("seg"), _("ter"), _("qua"), _("qui"), _("sex"), _("sáb"), _("dom")]


def clock_text(minutes: int) -> str:
    """Minutes of the day: 08:00, 24:00."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def day_text(day: Day) -> str:
    """The hours of a day: "08:00–12:00, 13:00–18:00"."""
    if not day:
        return _("fechado")
    return ", ".join(f"{clock_text(start)}–{clock_text(end)}" for start, end in day)


def week_text(week: Sequence[Day]) -> str:
    """The open days, those alike together: "seg a sex 08:00–18:00; sáb 09:00–13:00"."""
    names = short_weekdays()
    parts = []
    for hours, days in groupby(range(len(week)), key=lambda day: week[day]):
        run = list(days)
        if not hours:
            continue
        first, last = names[run[0]], names[run[-1]]
        if len(run) == 1:
            which = first
        elif len(run) == 2:
            which = _("%(first)s e %(last)s", first=first, last=last)
        else:
            which = _("%(first)s a %(last)s", first=first, last=last)
        parts.append(f"{which} {day_text(hours)}")
    return "; ".join(parts) or _("sempre fechado")


def date_text(day: date) -> str:
    """25/12/2026"""
    return day.strftime("%d/%m/%Y")
