"""How many open conversations each tab holds: kept with each change, checked once an hour.

Who sees everything is shown the sum over all teams; whoever sees some teams, a number for each of
them, which the page adds up: so one push per team serves everybody.
"""

from dataclasses import dataclass, field
from typing import Any

import structlog
from sqlalchemy import BigInteger, ColumnElement, Select, Text, case, cast, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from app.accounts.models import User
from app.conversations import visibility
from app.conversations.models import Conversation, InboxCounter
from app.extensions import db
from app.transactions import atomic

log = structlog.get_logger()

# Of what no person owns: the tab and the counter's name.
LINES = {"unassigned": "nobody", "bot": "bot"}
# What is not kept is counted up to this: beyond it nobody reads the number.
MOST = 99


def tab_of(conversation: Conversation) -> str | None:
    """The counter a conversation stands in: its owner's, or none when it is closed or snoozed."""
    if conversation.status != "open" or conversation.snoozed_at is not None:
        return None
    if conversation.owner_id is not None:
        return f"user:{conversation.owner_id}"
    return _name(conversation.owner_kind, conversation.team_id)


def _name(line: str, team_id: int | None) -> str:
    return f"{line}:{team_id}" if team_id else line


def moved(before: str | None, after: str | None) -> None:
    """Count a conversation out of one tab and into another, in the transaction under way."""
    if before == after:
        return
    # Sorted, so that two transactions that need both counters never wait for each other.
    for tab, change in sorted((tab, n) for tab, n in ((before, -1), (after, 1)) if tab):
        statement = insert(InboxCounter).values(tab=tab, total=change)
        db.session.execute(
            statement.on_conflict_do_update(
                index_elements=["tab"], set_={"total": InboxCounter.total + change}
            )
        )


@dataclass(frozen=True, slots=True)
class Part:
    """One number on the page: all teams' together (`team_id` None), or one team's (0: no team)."""

    tab: str
    team_id: int | None
    total: int

    @property
    def key(self) -> str:
        """Names it on the page; who sees one part only cannot tell it from the whole."""
        return f"{self.tab}-{self.team_id}" if self.team_id else self.tab


@dataclass(frozen=True, slots=True)
class Totals:
    """What one person's tabs show, and when that was read: of two, the later one is right."""

    parts: list[Part]  # mine, unassigned, bot, in this order
    read_at: int  # microseconds of the database's clock
    shelves: dict[str, str] = field(default_factory=dict)  # "all", "snoozed": "7", or "99+"

    def of(self, tab: str) -> list[Part]:
        """The parts of one tab."""
        return [part for part in self.parts if part.tab == tab]

    @property
    def by_tab(self) -> dict[str, int]:
        """The numbers of the tabs."""
        names = dict.fromkeys(part.tab for part in self.parts)
        return {name: sum(part.total for part in self.of(name)) for name in names}


def read(viewer: User) -> Totals:
    """The numbers for one person's tabs, in one statement."""
    teams = None if visibility.sees_all(viewer) else visibility.teams_of(viewer)
    return _read(viewer.id, teams, viewer)


def read_all() -> Totals:
    """What no person owns, of all teams together."""
    return _read(0, None)


def read_mine(user_id: int) -> Totals:
    """What a person owns."""
    return _read(user_id, [])


def read_team(team_id: int | None) -> Totals:
    """What no person owns, of one team."""
    return _read(0, [team_id or 0])


def totals(user_id: int) -> dict[str, int]:
    """What one person's tabs show: mine, unassigned, bot."""
    return read(db.session.get_one(User, user_id)).by_tab


def _read(user_id: int, teams: list[int] | None, viewer: User | None = None) -> Totals:
    # In the one statement, so that the time is that of the numbers.
    now = cast(func.extract("epoch", func.clock_timestamp()) * 1_000_000, BigInteger)
    counted = [_shelf(viewer, name).label(name) for name in SHELVES] if viewer else []
    one = select(now.label("at"), *counted).subquery()
    rows = db.session.execute(
        select(InboxCounter.tab, InboxCounter.total, *one.c).select_from(
            one.outerjoin(InboxCounter, _wanted(user_id, teams))
        )
    ).all()
    found = {row.tab: row.total for row in rows if row.tab is not None}
    parts = [Part("mine", None, max(0, found.get(f"user:{user_id}", 0)))]
    for tab, line in LINES.items():
        if teams is None:
            all_teams = [n for name, n in found.items() if name.split(":")[0] == line]
            parts.append(Part(tab, None, max(0, sum(all_teams))))
        else:
            parts += [Part(tab, team, max(0, found.get(_name(line, team), 0))) for team in teams]
    shelves = {name: rows[0]._mapping[name] for name in SHELVES} if viewer else {}
    return Totals(parts, rows[0].at, shelves)


def _wanted(user_id: int, teams: list[int] | None) -> ColumnElement[bool]:
    mine = InboxCounter.tab == f"user:{user_id}"
    if teams is None:
        return mine | func.split_part(InboxCounter.tab, ":", 1).in_(LINES.values())
    names = [_name(line, team) for line in LINES.values() for team in teams]
    return mine | InboxCounter.tab.in_(names)


def line(viewer: User) -> ColumnElement[str]:
    """The numbers as the page shows them, "mine/unassigned/bot/all/snoozed", read inside a larger
    query.
    """
    parts = [_one(InboxCounter.tab == f"user:{viewer.id}")]
    for name in LINES.values():
        if visibility.sees_all(viewer):
            parts.append(_one(func.split_part(InboxCounter.tab, ":", 1) == name))
        else:
            teams = visibility.teams_of(viewer)
            parts += [_one(InboxCounter.tab == _name(name, team)) for team in teams]
    parts += [_shelf(viewer, name) for name in SHELVES]
    whole = parts[0]
    for part in parts[1:]:
        whole = whole + literal("/") + part
    return whole


def _one(condition: ColumnElement[bool]) -> ColumnElement[str]:
    total = func.greatest(func.coalesce(func.sum(InboxCounter.total), 0), 0)
    return select(cast(total, Text)).where(condition).scalar_subquery()


# Lists that belong to nobody: which of them this person sees is the rule's, no counter's.
SHELVES = {
    "all": (Conversation.status == "open") & Conversation.snoozed_at.is_(None),
    "snoozed": Conversation.snoozed_at.is_not(None),
}


def _shelf(viewer: User, name: str) -> ColumnElement[str]:
    condition = visibility.sees(viewer)
    # In the list's own order, whose index ends after a hundred: without one, the table is read from
    # its beginning, where for years everything is closed.
    newest = (Conversation.last_message_at.desc(), Conversation.id.desc())
    seen = select(literal(1)).select_from(Conversation).where(SHELVES[name]).order_by(*newest)
    return up_to_most(seen if condition is None else seen.where(condition))


def up_to_most(query: Select[Any]) -> ColumnElement[str]:
    """How many rows a query has, as "7" or "99+", reading no more than a hundred of them."""
    counted = select(func.count().label("n")).select_from(query.limit(MOST + 1).subquery())
    n = counted.subquery().c.n
    return select(case((n > MOST, literal(f"{MOST}+")), else_=cast(n, Text))).scalar_subquery()


def settle() -> None:
    """Recount everything; a counter that had drifted is put right and logged."""
    team = func.coalesce(literal(":") + cast(Conversation.team_id, Text), "")
    tab = case(
        (
            Conversation.owner_id.is_not(None),
            literal("user:") + cast(Conversation.owner_id, Text),
        ),
        else_=Conversation.owner_kind + team,
    )
    with atomic() as session:
        session.connection().exec_driver_sql("LOCK TABLE inbox_counters IN EXCLUSIVE MODE")
        counted = (Conversation.status == "open") & Conversation.snoozed_at.is_(None)
        query = select(tab, func.count()).where(counted).group_by(tab)
        true = {row[0]: row[1] for row in session.execute(query)}
        for counter in session.scalars(select(InboxCounter)):
            actual = true.pop(counter.tab, 0)
            if counter.total != actual:
                log.error("counter_drifted", tab=counter.tab, was=counter.total, actual=actual)
                counter.total = actual
        session.add_all(InboxCounter(tab=name, total=total) for name, total in true.items())
