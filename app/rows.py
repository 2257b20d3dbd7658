"""Objects of the session from rows of prebuilt Core statements.

For the few statements that every message goes through: the ORM's own loading costs more than the
database's answer.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import CursorResult, Executable
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from app.extensions import Model, db

Row = TypeVar("Row", bound=Model)


def execute(statement: Executable, given: Mapping[str, Any]) -> CursorResult[Any]:
    """Run a prebuilt statement after what the session still holds back."""
    session = db.session()
    session.flush()
    return session.connection().execute(statement, given)


def present(model: type[Row], columns: dict[str, Any]) -> Row:
    """The session's object for this row, brought up to date; its other columns load when read."""
    session = db.session()
    found: Row | None = session.identity_map.get(identity_key(model, columns["id"]))
    if found is None:
        found = model()
        found.__dict__.update(columns)  # as loaded, all at once: nothing of it is a change
        make_transient_to_detached(found)
        session.add(found)
        return found
    for name, value in columns.items():
        set_committed_value(found, name, value)
    return found
