"""Keeping what arrived: the row that makes a repeat harmless."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app import clock, rows
from app.channels.models import Channel
from app.extensions import db
from app.intake.models import Receipt
from app.integrations.base import Envelope
from app.logs import request_id

REPEATED_WITHIN = timedelta(minutes=1)
MAX_REJECTED_BODY = 65_536
MAX_HEADER_NAMES = 1_000

_table = Receipt.metadata.tables[Receipt.__tablename__]
_KEEP = (
    insert(_table)
    .on_conflict_do_nothing(index_elements=["month", "dedupe_key"])
    .returning(_table.c.id)
)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One call that reached us, and what proved who sent it."""

    route: str
    authenticated_by: str
    channel: Channel | None
    raw: bytes
    header_names: str


def keep(
    arrival: Arrival,
    envelope: Envelope | None,
    state: str,
    note: str | None = None,
    next_try_at: datetime | None = None,
) -> int | None:
    """Write the receipt; its id, or None when the same webhook is there already.

    What carries a provider's id is the same by instance, type, id, status and content; what carries
    none, by its content within a minute. What could not be read has no envelope.
    """
    now = clock.now()
    values = {
        "month": month_of(now),
        "received_at": now,
        "route": arrival.route,
        "authenticated_by": arrival.authenticated_by,
        "channel_id": arrival.channel.id if arrival.channel else None,
        "header_names": arrival.header_names[:MAX_HEADER_NAMES],
        "body": arrival.raw if envelope else arrival.raw[:MAX_REJECTED_BODY],
        "state": state,
        "note": note,
        "attempts": 1,
        "next_try_at": next_try_at,
        "request_id": request_id(),
    }
    if envelope:
        values |= {
            "instance_id": envelope.instance_id,
            "event_type": envelope.event_type,
            "provider_id": envelope.provider_id,
            "provider_status": envelope.provider_status,
            "phone": envelope.phone,
        }
    identity = _identity(arrival, envelope)
    if envelope and envelope.provider_id:
        values["dedupe_key"] = identity
    else:
        bucket = int(now.timestamp() // REPEATED_WITHIN.total_seconds())
        if _arrived_lately(identity, bucket, now):
            return None
        values["dedupe_key"] = f"{identity}@{bucket}"
    receipt_id: int | None = rows.execute(_KEEP, values).scalar()
    return receipt_id


def month_of(moment: datetime) -> date:
    """The month whose partition holds this moment (UTC)."""
    return moment.date().replace(day=1)


def _identity(arrival: Arrival, envelope: Envelope | None) -> str:
    if envelope is None:
        return hashlib.sha256(arrival.raw).hexdigest()
    instance = envelope.instance_id or (arrival.channel.instance_id if arrival.channel else "")
    parts = (
        instance,
        envelope.event_type.lower(),
        envelope.provider_id,
        envelope.provider_status,
        envelope.digest,
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _arrived_lately(identity: str, bucket: int, now: datetime) -> bool:
    """Whether the same came within the last minute, also across the turn of the minute."""
    db.session.execute(select(func.pg_advisory_xact_lock(int(identity[:15], 16))))
    since = now - REPEATED_WITHIN
    query = select(Receipt.id).where(
        Receipt.month.in_({month_of(now), month_of(since)}),
        Receipt.dedupe_key.in_([f"{identity}@{bucket}", f"{identity}@{bucket - 1}"]),
        Receipt.received_at > since,
    )
    return db.session.scalar(query.limit(1)) is not None
