"""Whose hours hold where: the team's, else the channel's, else the company's, else always open.

Kept in each process (`company.memory`): nothing here asks the database once it is known.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from app import clock
from app.business_time import WHOLE_DAY, Calendar, Day
from app.company import memory
from app.extensions import db
from app.hours import public_days
from app.hours.models import BusinessHours, OwnDate

# A team or a channel by its kind and id; the company is ("company", 0).
Scope = tuple[str, int]
COMPANY: Scope = ("company", 0)
DEFAULT: Scope = ("default", 0)


@dataclass(frozen=True, slots=True)
class Rule:
    """What one scope says; see `models.BusinessHours`."""

    mode: str = "inherit"
    zone: str = clock.COMPANY_ZONE.key
    week: tuple[Day, ...] = ()
    holidays: str = "national"
    region: str = ""
    away: str = "inherit"
    line_minutes: int | None = None
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours that hold for a conversation, and whose they are; no calendar: always open.

    `names` say why a day is not like its weekday.
    """

    calendar: Calendar | None
    source: Scope
    names: Mapping[date, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Known:
    rules: dict[Scope, Rule]
    dates: dict[Scope, dict[date, tuple[Day, str]]]
    made: dict[tuple[int | None, int | None], Hours] = field(default_factory=dict)


def scopes(team_id: int | None, channel_id: int | None) -> list[Scope]:
    """Who is asked, in this order."""
    found: list[Scope] = [("team", team_id)] if team_id else []
    return [*found, *([("channel", channel_id)] if channel_id else []), COMPANY]


def hours_of(team_id: int | None, channel_id: int | None) -> Hours:
    """The hours of what this team has on this channel."""
    known = _known()
    key = (team_id, channel_id)
    if key not in known.made:
        known.made[key] = _make(known, scopes(team_id, channel_id))
    return known.made[key]


def rules_of(team_id: int | None, channel_id: int | None) -> list[Rule]:
    """What each scope says that says anything, in the order in which they are asked."""
    rules = _known().rules
    return [rules[one] for one in scopes(team_id, channel_id) if one in rules]


def _make(known: _Known, asked: list[Scope]) -> Hours:
    source = next((s for s in asked if s in known.rules and known.rules[s].mode != "inherit"), None)
    rule = known.rules[source] if source else Rule(mode="always")
    # Who is always open knows no dates but its own and those of who is asked before it.
    heard = asked if rule.mode == "week" or source is None else asked[: asked.index(source) + 1]
    own: dict[date, tuple[Day, str]] = {}
    for scope in reversed(heard):
        own |= known.dates.get(scope, {})
    week = rule.week if rule.mode == "week" else (WHOLE_DAY,) * 7
    if rule.mode == "always" and not own:
        return Hours(None, source or DEFAULT)
    names: dict[date, str] = {}
    if rule.mode == "week":
        year = clock.now().year
        names |= public_days.days_of(rule.holidays, rule.region, year - 1, year + 2)
    days: dict[date, Day] = {
        **dict.fromkeys(names, ()),
        **{day: one[0] for day, one in own.items()},
    }
    names |= {day: one[1] for day, one in own.items()}
    return Hours(Calendar(rule.zone, week, days), source or DEFAULT, names)


def _known() -> _Known:
    return memory.remember("hours", _read)


def _read() -> _Known:
    rules = {scope_of(row): _rule(row) for row in db.session.scalars(select(BusinessHours))}
    dates: dict[Scope, dict[date, tuple[Day, str]]] = {}
    for row in db.session.scalars(select(OwnDate).where(OwnDate.removed_at.is_(None))):
        dates.setdefault(scope_of(row), {})[row.day] = (as_day(row.hours), row.name)
    return _Known(rules, dates)


def scope_of(row: BusinessHours | OwnDate) -> Scope:
    """Whose row it is."""
    if row.team_id:
        return ("team", row.team_id)
    return ("channel", row.channel_id) if row.channel_id else COMPANY


def _rule(row: BusinessHours) -> Rule:
    week = tuple(as_day(one) for one in row.week)
    return Rule(
        row.mode, row.zone, week, row.holidays, row.region, row.away, row.line_minutes, row.texts
    )


def as_day(hours: Iterable[Iterable[int]]) -> Day:
    """Hours as they are kept, as arithmetic wants them."""
    return tuple((start, end) for start, end in hours)


def every_rule() -> list[Rule]:
    """What all scopes say."""
    return list(_known().rules.values())
