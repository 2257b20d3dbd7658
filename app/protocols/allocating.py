"""The next number: one statement inside the caller's transaction."""

from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, Integer, Interval, Text, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from app import rows
from app.protocols.models import Protocol

# The upsert waits for whoever holds the counter's row and reads it anew. It is rolled back with the
# transaction, so that there is neither a gap nor a repeat. The time is read once the row is ours:
# it follows the numbers, as the transaction's own would not.
_ALLOCATE = """
WITH counted AS (
    INSERT INTO protocol_counter AS counter (id, last) VALUES (1, 1)
    ON CONFLICT (id) DO UPDATE SET last = counter.last + 1
    RETURNING counter.last
), present AS (
    SELECT last, clock_timestamp() + :shift AS at FROM counted
), made AS (
    INSERT INTO protocols (number, created_at, updated_at, consultant_id, conversation_id,
                           contact_id, language, description, priority)
    SELECT last, at, at, :consultant_id, :conversation_id, :contact_id, :language, :description,
           :priority
    FROM present
    RETURNING id, number, created_at
), told AS (
    INSERT INTO protocol_events (protocol_id, at, kind, actor_id, actor_name, data)
    SELECT id, created_at, 'created', :actor_id, :actor_name, :data FROM made
)
SELECT id, number, created_at FROM made
"""
_NAMED = text(_ALLOCATE).bindparams(
    bindparam("shift", type_=Interval()),
    bindparam("consultant_id", type_=Integer()),
    bindparam("conversation_id", type_=BigInteger()),
    bindparam("contact_id", type_=BigInteger()),
    bindparam("language", type_=Text()),
    bindparam("description", type_=Text()),
    bindparam("priority", type_=Text()),
    bindparam("actor_id", type_=Integer()),
    bindparam("actor_name", type_=Text()),
    bindparam("data", type_=JSONB()),
)
STATEMENT = _NAMED.columns(*(Protocol.__table__.c[name] for name in ("id", "number", "created_at")))
_KEPT = ("consultant_id", "conversation_id", "contact_id", "language", "description", "priority")


def allocated(given: dict[str, Any], shift: timedelta) -> Protocol:
    """The protocol with the next number; `given` fills every name that the statement binds."""
    row = rows.execute(STATEMENT, {**given, "shift": shift}).one()
    return rows.present(
        Protocol,
        {
            "id": row.id,
            "number": row.number,
            "created_at": row.created_at,
            "updated_at": row.created_at,
            "closed_at": None,
            "status": "open",
            "version": 1,
            **{name: given[name] for name in _KEPT},
        },
    )
