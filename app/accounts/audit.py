"""The record of who did what, with the values before and after."""

from collections.abc import Mapping
from typing import Any

import structlog

from app import clock
from app.accounts import live
from app.accounts.models import AuditEntry, User
from app.extensions import db
from app.transactions import on_commit


def record(
    actor: User | str,
    action: str,
    entity_type: str,
    entity_id: int | str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Add an entry in the transaction under way.

    `action` is "thing.done" in the past tense; `actor` is a person, or the name of a program. Of
    two sets of values only what differs is kept. Never pass a secret.
    """
    context = structlog.contextvars.get_contextvars()
    if before is not None and after is not None:
        changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
        before = {name: value for name, value in before.items() if name in changed}
        after = {name: value for name, value in after.items() if name in changed}
    entry = AuditEntry(
        at=clock.now(),
        actor_id=actor.id if isinstance(actor, User) else None,
        actor_name=actor.name if isinstance(actor, User) else actor,
        action=action,
        entity_type=entity_type,
        entity_id=str(entity_id),
        before=dict(before) if before is not None else None,
        after=dict(after) if after is not None else None,
        address=context.get("address"),
        request_id=context.get("request_id"),
    )
    db.session.add(entry)
    on_commit(lambda: live.entry_added(entry))
    return entry
