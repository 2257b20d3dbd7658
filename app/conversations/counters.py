"""How many open conversations each tab holds: kept with each change, checked once an hour."""

from dataclasses import dataclass

import structlog
from sqlalchemy import BigInteger, ColumnElement, Text, case, cast, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from app.conversations.models import Conversation, InboxCounter
from app.extensions import db
from app.transactions import atomic

log = structlog.get_logger()


def tab_of(conversation: Conversation) -> str | None:
    """The counter a conversation stands in: its owner's, or none when it is closed or snoozed."""
    if conversation.status != "open" or conversation.snoozed_at is not None:
        return None
    if conversation.owner_id is not None:
        return f"user:{conversation.owner_id}"
    return conversation.owner_kind


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
class Totals:
    """What one person's tabs show, and when that was read: of two, the later one is right."""

    by_tab: dict[str, int]  # mine, unassigned, bot
    read_at: int  # microseconds of the database's clock


def read(user_id: int) -> Totals:
    """The numbers for one person's tabs."""
    names = {f"user:{user_id}": "mine", "nobody": "unassigned", "bot": "bot"}
    # In the one statement, so that the time is that of the numbers.
    now = cast(func.extract("epoch", func.clock_timestamp()) * 1_000_000, BigInteger)
    rows = db.session.execute(
        select(InboxCounter.tab, InboxCounter.total, now).where(InboxCounter.tab.in_(names))
    ).all()
    found = {names[tab]: max(0, total) for tab, total, _ in rows}
    by_tab = {name: found.get(name, 0) for name in names.values()}
    return Totals(by_tab, max((at for _, _, at in rows), default=0))


def totals(user_id: int) -> dict[str, int]:
    """What one person's tabs show: mine, unassigned, bot."""
    return read(user_id).by_tab


def line(user_id: int) -> ColumnElement[str]:
    """The three numbers as "mine/unassigned/bot", read inside a larger query."""
    parts = [
        func.coalesce(
            select(cast(func.greatest(InboxCounter.total, 0), Text))
            .where(InboxCounter.tab == tab)
            .scalar_subquery(),
            "0",
        )
        for tab in (f"user:{user_id}", "nobody", "bot")
    ]
    return parts[0] + literal("/") + parts[1] + literal("/") + parts[2]


def settle() -> None:
    """Recount everything; a counter that had drifted is put right and logged."""
    tab = case(
        (
            Conversation.owner_id.is_not(None),
            literal("user:") + cast(Conversation.owner_id, Text),
        ),
        else_=Conversation.owner_kind,
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
