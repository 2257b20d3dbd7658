"""Reading the audit log: its filters, its pages by key, and the whole of it as CSV."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, Text, cast, func, literal_column, select

from app import clock
from app.accounts import audit
from app.accounts.audit_words import (
    action_name,
    actions_named,
    entity_name,
    field_name,
    value_text,
)
from app.accounts.models import AUDIT_WORDS, AuditEntry, User
from app.csv_cells import neutral
from app.errors import GuicheError
from app.extensions import db
from app.transactions import atomic
from app.words import N_, said

PAGE = 50
EXPORT_BATCH = 500
CSV_HEAD = (
    N_("quando"),
    N_("quem"),
    N_("ação"),
    N_("código"),
    N_("tipo"),
    N_("id"),
    N_("antes"),
    N_("depois"),
    N_("endereço"),
    N_("pedido"),
)

Change = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What to show. Dates are days in the company's zone, both included."""

    text: str = ""
    actor_id: int | None = None
    action: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def is_empty(self) -> bool:
        """Whether everything is shown."""
        return self == AuditFilter()

    def as_arguments(self) -> dict[str, str]:
        """The filter as the query of an address; what is not set is left out."""
        named = {
            "q": self.text,
            "pessoa": self.actor_id,
            "acao": self.action,
            "de": self.since,
            "ate": self.until,
        }
        return {name: str(value) for name, value in named.items() if value}


def parse_filter(arguments: Mapping[str, str]) -> AuditFilter:
    """The filter of an address's query; what is malformed in it is refused."""
    actor = arguments.get("pessoa", "")
    if actor and not (actor.isdecimal() and len(actor) < 10):
        raise GuicheError("O filtro por pessoa não existe.")
    return AuditFilter(
        text=arguments.get("q", "").replace("\0", "").strip()[:200],
        actor_id=int(actor) if actor else None,
        action=arguments.get("acao", "").replace("\0", "")[:100],
        since=_day(arguments.get("de", "")),
        until=_day(arguments.get("ate", "")),
    )


def page(chosen: AuditFilter, before: int | None = None, size: int = PAGE) -> list[AuditEntry]:
    """The newest entries that pass the filter, or those older than entry `before`."""
    query = _filtered(chosen).order_by(AuditEntry.id.desc()).limit(size)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return list(db.session.scalars(query))


def actions() -> list[str]:
    """Every action there is in the log, by hopping along its index, not reading all of it."""
    hop = select(func.min(AuditEntry.action).label("action")).cte("hop", recursive=True)
    following = select(func.min(AuditEntry.action)).where(AuditEntry.action > hop.c.action)
    hop = hop.union_all(select(following.scalar_subquery()).where(hop.c.action.is_not(None)))
    return list(db.session.scalars(select(hop.c.action).where(hop.c.action.is_not(None))))


def actors() -> Sequence[User]:
    """The people who may appear in the log."""
    return db.session.scalars(select(User).order_by(func.fold(User.name), User.id)).all()


def changes(entry: AuditEntry) -> list[Change]:
    """What the entry says of each field: its name, the value before and the value after."""
    before, after = entry.before or {}, entry.after or {}
    return [
        (field_name(name), value_text(before.get(name), name), value_text(after.get(name), name))
        for name in dict.fromkeys([*before, *after])
    ]


def export(actor: User, chosen: AuditFilter) -> Iterator[str]:
    """The filtered log as CSV, newest first, as it stands now. The export is recorded first."""
    with atomic():
        audit.record(actor, "audit.exported", "audit", "log", after=chosen.as_arguments())
    return _csv(chosen)


def _csv(chosen: AuditFilter) -> Iterator[str]:
    # The mark and the semicolons are what Brazilian spreadsheets open without asking.
    yield "\ufeff" + _line([said(name) for name in CSV_HEAD])
    before = None
    while batch := page(chosen, before, EXPORT_BATCH):
        yield "".join(_line(_cells(entry)) for entry in batch)
        before = batch[-1].id
        db.session.expunge_all()


def _cells(entry: AuditEntry) -> list[str]:
    at = entry.at.astimezone(clock.COMPANY_ZONE)
    return [
        at.strftime("%d/%m/%Y %H:%M:%S"),
        entry.actor_name,
        action_name(entry.action),
        entry.action,
        entity_name(entry.entity_type),
        entry.entity_id,
        _listed(entry.before),
        _listed(entry.after),
        entry.address or "",
        entry.request_id or "",
    ]


def _listed(values: dict[str, Any] | None) -> str:
    return "; ".join(
        f"{field_name(name)}: {value_text(value, name)}" for name, value in (values or {}).items()
    )


def _line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=";").writerow(neutral(cell) for cell in cells)
    return line.getvalue()


def _filtered(chosen: AuditFilter) -> Select[AuditEntry]:
    query = select(AuditEntry)
    if chosen.actor_id is not None:
        query = query.where(AuditEntry.actor_id == chosen.actor_id)
    if chosen.action:
        query = query.where(AuditEntry.action == chosen.action)
    if chosen.since is not None:
        query = query.where(AuditEntry.at >= _midnight(chosen.since))
    if chosen.until is not None:
        query = query.where(AuditEntry.at < _midnight(chosen.until) + timedelta(days=1))
    if chosen.text:
        named = AuditEntry.action.in_(actions_named(chosen.text))
        query = query.where(literal_column(AUDIT_WORDS).op("@@")(_words(chosen.text)) | named)
    return query


def _words(text: str) -> Any:
    """Every word of the text must begin a word of the entry; accents don't matter."""
    words = re.findall(r"[^\W_]+", text)
    wanted = " & ".join(f"{word}:*" for word in words)
    return func.to_tsquery("simple", func.fold(cast(wanted, Text)))


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not 2000 <= day.year < 2200:
        raise GuicheError("Informe as datas como 2026-11-20.")
    return day


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.COMPANY_ZONE)
