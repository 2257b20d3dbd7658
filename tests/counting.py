"""How many statements a block sends to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from app.extensions import db


class Counted:
    """The statements seen so far."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    @property
    def total(self) -> int:
        """How many."""
        return len(self.statements)


@contextmanager
def counted_queries(on: Engine | None = None) -> Iterator[Counted]:
    """Count in the block, on this engine; without one, on that of the application context."""
    counted = Counted()

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        counted.statements.append(statement)

    engine = on or db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield counted
    finally:
        event.remove(engine, "before_cursor_execute", note)
