"""What managers decide about hours, each time recorded; nothing else writes these tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.business_time import Day
from app.channels.models import Channel
from app.company import memory
from app.errors import Conflict, GuicheError, NotFound
from app.extensions import db
from app.hours import live, public_days
from app.hours.forms import ZONES
from app.hours.known import COMPANY, Scope, as_day, scope_of
from app.hours.messages import DEFAULTS, LANGUAGES, LONGEST, unknown_blanks
from app.hours.models import ANSWERS, MODES, BusinessHours, OwnDate
from app.hours.wording import date_text, day_text, week_text
from app.teams.models import Team
from app.transactions import atomic, on_commit

_LOCK = 7_301_015  # of two who change hours at once, one waits
MOST_LINE_MINUTES = 1440
# Called in the transaction of each change: what was computed by hours is computed anew.
on_change: list[Callable[[], None]] = []


@dataclass(frozen=True, slots=True)
class Wanted:
    """The hours of one scope as a form gives them."""

    mode: str
    zone: str = clock.COMPANY_ZONE.key
    week: tuple[Day, ...] = ((),) * 7
    holidays: str = "national"
    region: str = ""


@dataclass(frozen=True, slots=True)
class Saying:
    """What customers are told by one scope; texts by kind and language, empty ones inherit."""

    away: str
    line_minutes: int | None
    texts: Mapping[str, Mapping[str, str]]


def save_hours(actor: User, scope: Scope, wanted: Wanted) -> None:
    """Raises GuicheError for what cannot be."""
    _check_hours(scope, wanted)
    with atomic():
        row = _row(scope)
        before = _told_hours(row)
        row.mode, row.zone, row.holidays = wanted.mode, wanted.zone, wanted.holidays
        row.region = wanted.region
        if wanted.mode == "week":  # else what was typed once stays for whoever comes back to it
            row.week = [[list(one) for one in day] for day in wanted.week]
        _changed(actor, row, scope, "hours.changed", before, _told_hours(row))


def save_texts(actor: User, scope: Scope, saying: Saying) -> None:
    """Raises GuicheError for what cannot be."""
    _check_texts(scope, saying)
    with atomic():
        row = _row(scope)
        before = _told_texts(row)
        row.away, row.line_minutes = saying.away, saying.line_minutes
        row.texts = {
            kind: {language: text for language, text in of.items() if text}
            for kind, of in saying.texts.items()
        }
        _changed(actor, row, scope, "hours.texts_changed", before, _told_texts(row))


def add_date(actor: User, day: date, name: str, hours: Day, scope: Scope = COMPANY) -> OwnDate:
    """A day with hours of its own, closed without any. Raises Conflict when the scope has one."""
    with atomic() as session:
        _check_exists(scope)
        _lock()
        _check_free(day, scope)
        row = OwnDate(day=day, name=name, hours=[list(one) for one in hours], version=1)
        _put(row, scope)
        session.add(row)
        session.flush()
        _date_changed(actor, row, "own_date.created", None)
    return row


def edit_date(actor: User, date_id: int, day: date, name: str, hours: Day) -> OwnDate:
    """Another day, name or hours."""
    with atomic():
        row = _date(date_id)
        before = _told_date(row)
        if row.day != day:
            _check_free(day, scope_of(row))
        row.day, row.name, row.hours = day, name, [list(one) for one in hours]
        _date_changed(actor, row, "own_date.edited", before)
    return row


def remove_date(actor: User, date_id: int) -> OwnDate:
    """That day is like its weekday again; `restore_date` undoes it."""
    with atomic():
        row = _date(date_id)
        if row.removed_at is None:
            row.removed_at = clock.now()
            _date_changed(actor, row, "own_date.removed", None)
    return row


def restore_date(actor: User, date_id: int) -> OwnDate:
    """Take back a removal."""
    with atomic():
        row = _date(date_id)
        if row.removed_at is not None:
            _check_free(row.day, scope_of(row))
            row.removed_at = None
            _date_changed(actor, row, "own_date.restored", None)
    return row


def _check_hours(scope: Scope, wanted: Wanted) -> None:
    known_mode = wanted.mode in MODES and (wanted.mode != "inherit" or scope != COMPANY)
    if not known_mode or wanted.zone not in ZONES or wanted.holidays not in public_days.KINDS:
        raise GuicheError(_("Escolha uma das opções oferecidas."), status=422)
    if not public_days.is_region(wanted.region):
        raise GuicheError(_("Escolha um dos estados oferecidos."), status=422)
    if wanted.mode == "week" and not any(wanted.week):
        raise GuicheError(_("Preencha o horário de ao menos um dia."), status=422)


def _check_texts(scope: Scope, saying: Saying) -> None:
    if saying.away not in ANSWERS:
        raise GuicheError(_("Escolha uma das opções oferecidas."), status=422)
    minutes = saying.line_minutes
    if minutes is not None and not 0 <= minutes <= MOST_LINE_MINUTES:
        raise GuicheError(_("A espera vai de 1 a 1440 minutos, ou fica vazia."), status=422)
    for kind, texts in saying.texts.items():
        for language, text in texts.items():
            if kind not in DEFAULTS or language not in LANGUAGES:
                raise GuicheError(_("Escolha uma das opções oferecidas."), status=422)
            if len(text) > LONGEST:
                raise GuicheError(_("A mensagem vai até 1000 letras."), status=422)
            for name in unknown_blanks(text):
                words = _("Não existe a variável {{%(name)s}}. Use uma da lista.", name=name)
                raise GuicheError(words, status=422)


def _row(scope: Scope) -> BusinessHours:
    """The scope's row, new if it has none, behind the lock."""
    _check_exists(scope)
    _lock()
    kind, number = scope
    team_id = number if kind == "team" else None
    channel_id = number if kind == "channel" else None
    query = select(BusinessHours).where(
        BusinessHours.team_id.is_not_distinct_from(team_id),
        BusinessHours.channel_id.is_not_distinct_from(channel_id),
    )
    row = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        mode = "always" if scope == COMPANY else "inherit"
        row = BusinessHours(team_id=team_id, channel_id=channel_id, mode=mode, version=0)
        row.zone, row.week, row.texts, row.away = clock.COMPANY_ZONE.key, [], {}, "inherit"
        row.holidays, row.region = "national", ""
        db.session.add(row)
    return row


def _check_exists(scope: Scope) -> None:
    kind, number = scope
    model: type[Team | Channel] | None = {"team": Team, "channel": Channel}.get(kind)  # type: ignore[assignment]
    if scope != COMPANY and (model is None or db.session.get(model, number) is None):
        raise NotFound


def _lock() -> None:
    db.session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def _changed(
    actor: User,
    row: BusinessHours,
    scope: Scope,
    action: str,
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    if before == after and row.version:
        return
    row.version += 1
    audit.record(actor, action, "hours", f"{scope[0]}:{scope[1]}", before, after)
    _announce(partial(live.hours_changed, *scope))


def _date_changed(actor: User, row: OwnDate, action: str, before: dict[str, Any] | None) -> None:
    row.version += 1
    audit.record(actor, action, "own_date", row.id, before, _told_date(row))
    _announce(live.dates_changed)


def _announce(push: Callable[[], None]) -> None:
    memory.forget()
    on_commit(push)
    for hook in on_change:
        hook()


def _told_hours(row: BusinessHours) -> dict[str, Any]:
    return {
        "mode": row.mode,
        "zone": row.zone,
        "week": week_text([as_day(day) for day in row.week]) if row.week else "",
        "holidays": row.holidays,
        "region": row.region,
    }


def _told_texts(row: BusinessHours) -> dict[str, Any]:
    texts = {
        f"{kind} {language}": text
        for kind, of in (row.texts or {}).items()
        for language, text in of.items()
    }
    return {"away": row.away, "line_minutes": row.line_minutes, **texts}


def _told_date(row: OwnDate) -> dict[str, Any]:
    return {"day": date_text(row.day), "name": row.name, "hours": day_text(as_day(row.hours))}


def _date(date_id: int) -> OwnDate:
    _lock()
    row = db.session.get(OwnDate, date_id, populate_existing=True)
    if row is None:
        raise NotFound
    return row


def _put(row: OwnDate, scope: Scope) -> None:
    kind, number = scope
    row.team_id = number if kind == "team" else None
    row.channel_id = number if kind == "channel" else None


def _check_free(day: date, scope: Scope) -> None:
    wanted = OwnDate()
    _put(wanted, scope)
    taken = db.session.scalar(
        select(OwnDate.name).where(
            OwnDate.day == day,
            OwnDate.removed_at.is_(None),
            OwnDate.team_id.is_not_distinct_from(wanted.team_id),
            OwnDate.channel_id.is_not_distinct_from(wanted.channel_id),
        )
    )
    if taken is not None:
        text = _("%(day)s já está na lista: %(name)s.", day=date_text(day), name=taken)
        raise Conflict(text)
