"""Keeping what arrived: the row that makes a repeat harmless."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, text

from app import clock, rows
from app.channels.models import Channel
from app.extensions import db
from app.intake.models import Receipt
from app.integrations.base import Envelope

REPEATED_WITHIN = timedelta(minutes=1)
MAX_REJECTED_BODY = 65_536
MAX_HEADER_NAMES = 1_000
A_MONTH = timedelta(days=31)

# Any number of them as one JSON text: one statement, prepared once, whose few parameters cost the
# driver the same for one as for many.
_KEEP = text("""
INSERT INTO receipts (month, received_at, route, authenticated_by, channel_id, instance_id,
    event_type, provider_id, provider_status, phone, dedupe_key, header_names, body, state, note,
    attempts, next_try_at, request_id)
SELECT month, received_at, route, authenticated_by, channel_id, coalesce(instance_id, ''),
    coalesce(event_type, ''), coalesce(provider_id, ''), coalesce(provider_status, ''),
    coalesce(phone, ''), dedupe_key, header_names, decode(body, 'hex'), state, note,
    1, next_try_at, request_id
FROM json_to_recordset(CAST(:given AS json)) AS given (month date, received_at timestamptz,
    route text, authenticated_by text, channel_id integer, instance_id text, event_type text,
    provider_id text, provider_status text, phone text, dedupe_key text, header_names text,
    body text, state text, note text, next_try_at timestamptz, request_id text)
ON CONFLICT (month, dedupe_key) DO NOTHING
RETURNING id, dedupe_key
""").columns(Receipt.__table__.c.id, Receipt.__table__.c.dedupe_key)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One call that reached us, and what proved who sent it."""

    route: str
    authenticated_by: str
    channel: Channel | None
    raw: bytes
    header_names: str
    request_id: str


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
    identity = _identity(arrival, envelope)
    if not (envelope and envelope.provider_id):
        bucket = int(now.timestamp() // REPEATED_WITHIN.total_seconds())
        if _arrived_lately(identity, bucket, now):
            return None
        identity = f"{identity}@{bucket}"
    values = _values(arrival, envelope, identity, now)
    values |= {"state": state, "note": note}
    values |= {"next_try_at": next_try_at.isoformat() if next_try_at else None}
    return _written([values]).get(identity)


def keep_all(arrivals: Iterable[tuple[Arrival, Envelope]]) -> list[int | None]:
    """Write the receipts of webhooks that carry a provider's id and were understood.

    The id of each, or None when the same webhook is there already, be it from among these.
    """
    now = clock.now()
    given = [_values(one, envelope, _identity(one, envelope), now) for one, envelope in arrivals]
    # In one order everywhere: of two processes that got the same ones, neither waits for the other
    # while the other waits for it.
    written = _written(sorted(given, key=lambda values: values["dedupe_key"]))
    return [written.pop(values["dedupe_key"], None) for values in given]


def drop(receipt_ids: list[int]) -> None:
    """Take back, in the transaction that wrote them, receipts of what is done another way."""
    db.session.execute(
        delete(Receipt)
        .where(Receipt.id.in_(receipt_ids), Receipt.month >= month_of(clock.now()) - A_MONTH)
        .execution_options(synchronize_session=False)
    )


def _values(
    arrival: Arrival, envelope: Envelope | None, dedupe_key: str, now: datetime
) -> dict[str, Any]:
    raw = arrival.raw if envelope else arrival.raw[:MAX_REJECTED_BODY]
    values = {
        "month": month_of(now).isoformat(),
        "received_at": now.isoformat(),
        "route": arrival.route,
        "authenticated_by": arrival.authenticated_by,
        "channel_id": arrival.channel.id if arrival.channel else None,
        "dedupe_key": dedupe_key,
        "header_names": arrival.header_names[:MAX_HEADER_NAMES],
        "body": raw.hex(),
        "state": "processed",
        "request_id": arrival.request_id,
    }
    if envelope:
        values |= {
            "instance_id": envelope.instance_id,
            "event_type": envelope.event_type,
            "provider_id": envelope.provider_id,
            "provider_status": envelope.provider_status,
            "phone": envelope.phone,
        }
    return values


def _written(given: list[dict[str, Any]]) -> dict[str, int]:
    """The ids of those that were not there yet, by what tells them apart."""
    written = rows.execute(_KEEP, {"given": json.dumps(given)})
    return {row.dedupe_key: row.id for row in written}


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
