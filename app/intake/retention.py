"""How long receipts and the ledger are kept: a partition a month, made ahead and dropped whole."""

import re
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import delete, select, text
from sqlalchemy.orm import InstrumentedAttribute

from app import clock
from app.extensions import current_settings, db
from app.intake.models import Receipt
from app.intake.receipts import month_of
from app.integrations.models import OutsideCall
from app.transactions import atomic

log = structlog.get_logger()

Kept = type[Receipt] | type[OutsideCall]
# What is kept, and the column that says since when.
KEPT: tuple[tuple[Kept, InstrumentedAttribute[datetime]], ...] = (
    (Receipt, Receipt.received_at),
    (OutsideCall, OutsideCall.at),
)
MONTHS_AHEAD = 2
BATCH = 5_000
LOCK_SECONDS = 5


def make_partitions() -> None:
    """Make the partitions of this month and the next two; safe to repeat.

    Rows of such a month that went to the default partition move to their own.
    """
    for model, _ in KEPT:
        month = month_of(clock.now())
        present = _partitions(model)
        for _ in range(MONTHS_AHEAD + 1):
            if month not in present:
                _make(model.__tablename__, month)
            month = _next(month)


def forget() -> None:
    """Delete what is older than the settings allow: whole months at once, the rest in batches."""
    limit = clock.now() - timedelta(days=current_settings().receipt_retention_days)
    for model, moment in KEPT:
        for month, name in _partitions(model).items():
            if _next(month) <= limit.date():
                _drop(name)
        while _delete_batch(model, moment, limit) == BATCH:
            pass


def _partitions(model: Kept) -> dict[date, str]:
    """The partitions by month; the default one has none."""
    names = db.session.scalars(
        text(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
            " WHERE i.inhparent = CAST(:parent AS regclass)"
        ),
        {"parent": model.__tablename__},
    ).all()
    pattern = re.compile(rf"{model.__tablename__}_(\d{{4}})_(\d\d)")
    found = ((pattern.fullmatch(name), name) for name in names)
    return {date(int(match[1]), int(match[2]), 1): name for match, name in found if match}


def _make(parent: str, month: date) -> None:
    # Names and dates are ours, never anybody's input; DDL takes no parameters.
    name, default = f"{parent}_{month:%Y_%m}", f"{parent}_default"
    bounds = f"FROM ('{month}') TO ('{_next(month)}')"
    with atomic() as session:
        session.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
        # Nothing may enter the default partition between the move and the attachment.
        session.execute(text(f"LOCK TABLE {default} IN ACCESS EXCLUSIVE MODE"))
        session.execute(
            text(
                f"CREATE TABLE IF NOT EXISTS {name} (LIKE {parent} INCLUDING DEFAULTS"
                " INCLUDING CONSTRAINTS)"
            )
        )
        session.execute(
            text(
                f"WITH moved AS (DELETE FROM {default} WHERE month = '{month}' RETURNING *)"  # noqa: S608
                f" INSERT INTO {name} SELECT * FROM moved"
            )
        )
        session.execute(text(f"ALTER TABLE {parent} ATTACH PARTITION {name} FOR VALUES {bounds}"))
    log.info("partition_made", partition=name)


def _drop(name: str) -> None:
    with atomic() as session:
        session.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
        session.execute(text(f"DROP TABLE {name}"))
    log.info("partition_dropped", partition=name)


def _delete_batch(model: Kept, moment: InstrumentedAttribute[datetime], limit: datetime) -> int:
    old = select(model.id, model.month).where(moment < limit).limit(BATCH).subquery()
    with atomic() as session:
        gone = session.execute(
            delete(model)
            .where(model.id == old.c.id, model.month == old.c.month)
            .returning(model.id)
            .execution_options(synchronize_session=False)
        )
        return len(gone.all())


def _next(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)
