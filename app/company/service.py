"""Reading and changing the company's settings; nothing else writes their table."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.company import live, memory
from app.company.fields import Field, Section, Value, sections
from app.company.models import CompanySetting
from app.errors import NotFound
from app.extensions import db
from app.transactions import atomic, on_commit

# Called after a field was changed and committed, by the field's key.
on_change: dict[str, list[Callable[[], None]]] = {}


def get(field: Field[Value]) -> Value:
    """The field's present value, what it was from the start if nobody changed it."""
    value: Value = _values().get(field.key, field.unchanged)
    return value


def present(section: Section) -> dict[str, Any]:
    """The present value of each field of a section."""
    return {one.key: _values().get(one.key, one.unchanged) for one in section.fields}


def change(actor: User, section_key: str, given: Mapping[str, str]) -> Section:
    """Save a section's form: all of its fields, or none. Raises GuicheError for what cannot be."""
    section = sections.get(section_key)
    if section is None:
        raise NotFound
    wanted = values_of(section, given)
    with atomic():
        keys = list(wanted)
        # In one order: two who save at once wait for each other, not in a ring.
        stored = select(CompanySetting).where(CompanySetting.key.in_(keys))
        rows = db.session.scalars(
            stored.order_by(CompanySetting.key).with_for_update()
            .execution_options(populate_existing=True)
        ).all()  # fmt: skip
        present = {row.key: row.value for row in rows}
        before = {f.key: present.get(f.key, f.unchanged) for f in section.fields}
        changed = [f for f in section.fields if wanted[f.key] != before[f.key]]
        for field in sorted(changed, key=lambda one: one.key):
            _write(field.key, wanted[field.key], actor)
        if changed:
            told = [{f.key: f.shown(of[f.key]) for f in changed} for of in (before, wanted)]
            audit.record(actor, "company.changed", "company", section.key, *told)
            memory.forget()
            on_commit(partial(_announce, section, [field.key for field in changed]))
    return section


def values_of(section: Section, given: Mapping[str, str]) -> dict[str, Any]:
    """What a form gives for each field; raises GuicheError for what cannot be."""
    return {one.key: one.read(given) for one in section.fields}


def _write(key: str, value: Any, actor: User) -> None:
    new = insert(CompanySetting).values(
        key=key, value=value, changed_at=clock.now(), changed_by_id=actor.id
    )
    again = {
        "value": new.excluded.value,
        "changed_at": new.excluded.changed_at,
        "changed_by_id": new.excluded.changed_by_id,
        "version": CompanySetting.version + 1,
    }
    db.session.execute(new.on_conflict_do_update(index_elements=["key"], set_=again))


def _announce(section: Section, keys: list[str]) -> None:
    for key in keys:
        for hook in on_change.get(key, []):
            hook()
    live.section_changed(section.key)


def _values() -> dict[str, Any]:
    return memory.remember("settings", _read)


def _read() -> dict[str, Any]:
    query = select(CompanySetting.key, CompanySetting.value)
    return {row.key: row.value for row in db.session.execute(query)}
