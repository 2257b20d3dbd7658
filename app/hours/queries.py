"""What the pages of hours show."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from app import clock
from app.business_time import next_closing, open_at
from app.channels.models import Channel
from app.errors import NotFound
from app.extensions import db
from app.hours import known
from app.hours.known import COMPANY, Hours, Scope
from app.hours.models import BusinessHours, OwnDate
from app.teams import queries as teams

KEPT_DAYS = 30  # past dates are listed for so long
AHEAD_DAYS = 366
# The words of addresses.
KINDS = {"empresa": "company", "equipe": "team", "canal": "channel"}


@dataclass(frozen=True, slots=True)
class Place:
    """One scope with its name and the hours that hold there."""

    scope: Scope
    name: str  # empty for the company
    own: BusinessHours | None
    hours: Hours

    @property
    def kind(self) -> str:
        """The word in its address."""
        return next(word for word, kind in KINDS.items() if kind == self.scope[0])

    @property
    def is_open(self) -> bool:
        """Whether people attend now."""
        return self.hours.calendar is None or open_at(self.hours.calendar, clock.now())

    @property
    def closes(self) -> datetime | None:
        """Until when it is open; None when it is closed, or stays open for longer than a day."""
        calendar, now = self.hours.calendar, clock.now()
        closes = next_closing(calendar, now) if calendar else None
        return closes if closes is not None and closes - now < timedelta(days=1) else None


def places() -> list[Place]:
    """The company, the teams in use and the channels, with what each of them says."""
    rows = {known.scope_of(row): row for row in db.session.scalars(select(BusinessHours))}
    named: list[tuple[Scope, str]] = [(COMPANY, "")]
    named += [(("team", team.id), team.name) for team in teams.in_use()]
    named += [(("channel", channel.id), channel.name) for channel in _channels()]
    return [Place(scope, name, rows.get(scope), _hours(scope)) for scope, name in named]


def place(kind: str, number: int) -> Place:
    """One of them; raises NotFound."""
    scope = (KINDS.get(kind, ""), number)
    found = next((one for one in places() if one.scope == scope), None)
    if found is None:
        raise NotFound
    return found


def _hours(scope: Scope) -> Hours:
    kind, number = scope
    team_id = number if kind == "team" else None
    return known.hours_of(team_id, number if kind == "channel" else None)


def _channels() -> list[Channel]:
    order = (func.fold(Channel.name), Channel.id)
    return list(db.session.scalars(select(Channel).where(Channel.active).order_by(*order)))


def own_dates() -> list[OwnDate]:
    """The days with hours of their own, the next first; those long past are left out."""
    since = clock.now().date() - timedelta(days=KEPT_DAYS)
    query = select(OwnDate).where(OwnDate.removed_at.is_(None), OwnDate.day >= since)
    return list(db.session.scalars(query.order_by(OwnDate.day, OwnDate.id)))


def coming_holidays(most: int = 6) -> list[tuple[date, str]]:
    """The next days on which the company itself does not keep its weekday's hours."""
    hours = known.hours_of(None, None)
    today = clock.now().astimezone(clock.COMPANY_ZONE).date()
    last = today + timedelta(days=AHEAD_DAYS)
    coming = [(day, name) for day, name in hours.names.items() if today <= day <= last]
    return sorted(coming)[:most]
