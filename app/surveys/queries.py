"""What was answered: of one conversation, and of a period by person, team and time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, Text, cast, func, literal_column, select, tuple_
from sqlalchemy.orm import joinedload

from app import clock
from app.accounts.models import User
from app.contacts.models import Contact
from app.conversations import queries as conversations
from app.conversations.models import Conversation
from app.extensions import db
from app.surveys.models import ASKED, Survey
from app.teams.models import Team

SCORES = (5, 4, 3, 2, 1)
DAYS = 30  # when nothing is chosen
ROWS = 30
FARTHEST = timedelta(days=3660)
COMPANY = str(clock.COMPANY_ZONE)
_ANSWERED = Survey.state == "answered"


def version() -> Select[tuple[str]]:
    """Of all results as one text: how many answers there are, and when the newest came."""
    newest = select(func.max(Survey.answered_at)).where(_ANSWERED).scalar_subquery()
    total = select(func.sum(Survey.version)).where(Survey.answered_at == newest).scalar_subquery()
    moment = cast(func.extract("epoch", newest), Text)
    return select(func.coalesce(moment, "") + "/" + func.coalesce(cast(total, Text), ""))


@dataclass(frozen=True, slots=True)
class Chosen:
    """A period (both days included), and whom it is about; `scores` narrows the comments."""

    since: date
    until: date
    person: int | None = None
    team: int | None = None
    score: int | None = None

    def as_arguments(self) -> dict[str, str]:
        """For addresses."""
        found = {"de": self.since.isoformat(), "ate": self.until.isoformat()}
        for name, value in (("pessoa", self.person), ("equipe", self.team), ("nota", self.score)):
            found |= {name: str(value)} if value is not None else {}
        return found

    def conditions(self) -> list[ColumnElement[bool]]:
        """On surveys that were asked."""
        begins, ends = _moment(self.since), _moment(self.until + timedelta(days=1))
        found = [Survey.state.in_(ASKED), Survey.asked_at >= begins, Survey.asked_at < ends]
        if self.person is not None:
            found.append(Survey.person_id == self.person)
        if self.team is not None:
            found.append(Survey.team_id == self.team)
        return found

    def only(self, score: int | None) -> "Chosen":
        """The same with the comments of one score, or of all."""
        return replace(self, score=score)


def parse(given: Mapping[str, str]) -> Chosen:
    """From an address; what makes no sense is as if it were not there."""
    today = clock.now().astimezone(clock.COMPANY_ZONE).date()
    until = _day(given.get("ate")) or today
    since = _day(given.get("de")) or until - timedelta(days=DAYS - 1)
    since, until = min(since, until), max(since, until)
    score = _number(given.get("nota"))
    return Chosen(
        max(since, until - FARTHEST),
        until,
        _number(given.get("pessoa")),
        _number(given.get("equipe")),
        score if score in SCORES else None,
    )


def _day(text: str | None) -> date | None:
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2199 else None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 10 else None


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), clock.COMPANY_ZONE)


@dataclass(frozen=True, slots=True)
class Line:
    """The results of one person, team, day or month; without answers there is no average."""

    name: str
    asked: int
    answered: int
    average: float | None
    good: int  # answered 4 or 5

    @property
    def rate(self) -> int:
        """How many of a hundred answered."""
        return round(self.answered * 100 / self.asked) if self.asked else 0


@dataclass(frozen=True, slots=True)
class Results:
    """All of a period."""

    total: Line
    by_score: dict[int, int]
    people: list[Line] = field(default_factory=list)
    teams: list[Line] = field(default_factory=list)
    times: list[Line] = field(default_factory=list)
    version: str = ""

    @property
    def good_share(self) -> int:
        """How many of a hundred answers were 4 or 5."""
        answered = self.total.answered
        return round(self.total.good * 100 / answered) if answered else 0


_NUMBERS = (
    func.count().label("asked"),
    func.count(Survey.score).label("answered"),
    func.avg(Survey.score).label("average"),
    func.count().filter(Survey.score >= 4).label("good"),
)


def results(chosen: Chosen) -> Results:
    """The numbers of a period: all, by person, by team and by time, in one statement."""
    scores = [func.count().filter(Survey.score == one).label(f"of_{one}") for one in SCORES]
    part = _part_of_time(chosen)
    groups = (tuple_(), tuple_(Survey.person_id, User.name), tuple_(Survey.team_id, Team.name))
    rows = db.session.execute(
        select(
            func.grouping(Survey.person_id, Survey.team_id, part).label("kind"),
            User.name.label("person"),
            Team.name.label("team"),
            part.label("begins"),
            *_NUMBERS,
            *scores,
            version().scalar_subquery().label("version"),
        )
        .select_from(Survey)
        .outerjoin(User, User.id == Survey.person_id)
        .outerjoin(Team, Team.id == Survey.team_id)
        .where(*chosen.conditions())
        .group_by(func.grouping_sets(*groups, tuple_(part)))
    ).all()
    whole = next(row for row in rows if row.kind == _WHOLE)
    times = sorted((row for row in rows if row.kind == _TIMES), key=lambda row: row.begins)
    written = "%m/%Y" if _unit(chosen) == "month" else "%d/%m"
    return Results(
        _line(_("Todos"), whole),
        {one: getattr(whole, f"of_{one}") for one in SCORES},
        _lines((row.person or _("Ninguém"), row) for row in rows if row.kind == _PEOPLE),
        _lines((row.team or _("Sem equipe"), row) for row in rows if row.kind == _TEAMS),
        [_line(row.begins.strftime(written), row) for row in times],
        whole.version,
    )


# What `grouping(person, team, time)` says: a bit for each by which a row is not grouped.
_WHOLE, _PEOPLE, _TEAMS, _TIMES = 0b111, 0b011, 0b101, 0b110


def _line(name: str, row: Any) -> Line:
    average = float(row.average) if row.average is not None else None
    return Line(name, row.asked, row.answered, average, row.good)


def _lines(named: Iterable[tuple[str, Any]]) -> list[Line]:
    """Who was rated most often first."""
    lines = [_line(name, row) for name, row in named]
    return sorted(lines, key=lambda line: (-line.answered, line.name))


def _unit(chosen: Chosen) -> str:
    """Day, week or month, so that there are never more than some sixty."""
    days = (chosen.until - chosen.since).days + 1
    return "day" if days <= 31 else "week" if days <= 400 else "month"


def _part_of_time(chosen: Chosen) -> ColumnElement[datetime]:
    unit: ColumnElement[str] = literal_column(f"'{_unit(chosen)}'")
    zone: ColumnElement[str] = literal_column(f"'{COMPANY}'")
    part: ColumnElement[datetime] = func.date_trunc(unit, func.timezone(zone, Survey.asked_at))
    return part


@dataclass(frozen=True, slots=True)
class Given:
    """One answer with who gave it."""

    survey: Survey
    contact: str
    conversation_id: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page of answers, newest first; `after` is the key of the next one."""

    rows: list[Given]
    after: str = ""


def answers(chosen: Chosen, after: str = "", commented: bool = True, size: int = ROWS) -> Page:
    """The answers of a period, those with a comment alone unless told otherwise."""
    query = (
        select(Survey, Contact.name, Conversation.id)
        .join(Conversation, Conversation.id == Survey.conversation_id)
        .join(Contact, Contact.id == Conversation.contact_id)
        .where(_ANSWERED, *chosen.conditions())
        .options(joinedload(Survey.person), joinedload(Survey.team))
        .order_by(Survey.answered_at.desc(), Survey.id.desc())
        .limit(size + 1)
    )
    if commented:
        query = query.where(Survey.comment != "")
    if chosen.score is not None:
        query = query.where(Survey.score == chosen.score)
    if (key := _key(after)) is not None:
        query = query.where(tuple_(Survey.answered_at, Survey.id) < tuple_(*key))
    found = [Given(*row) for row in db.session.execute(query)]
    if len(found) <= size:
        return Page(found)
    last = found[size - 1].survey
    assert last.answered_at is not None  # noqa: S101 - the state says so
    return Page(found[:size], f"{last.answered_at.isoformat()}_{last.id}")


def _key(text: str) -> tuple[datetime, int] | None:
    moment, _separator, number = text.rpartition("_")
    try:
        return datetime.fromisoformat(moment), int(number)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class OfConversation:
    """The survey of one conversation, and what its contact answered before."""

    survey: Survey
    others: int
    average: float | None


def of_conversation(viewer: User, conversation: Conversation) -> OfConversation | None:
    """None when nothing was planned for it."""
    survey = db.session.scalars(
        select(Survey)
        .where(Survey.conversation_id == conversation.id)
        .options(joinedload(Survey.person))
    ).one_or_none()
    if survey is None:
        return None
    others = select(func.count(), func.avg(Survey.score)).join(
        Conversation, Conversation.id == Survey.conversation_id
    )
    count, average = db.session.execute(
        conversations.visible_to(viewer, others).where(
            Conversation.contact_id == conversation.contact_id,
            Conversation.id != conversation.id,
            _ANSWERED,
        )
    ).one()
    return OfConversation(survey, count, float(average) if average is not None else None)
