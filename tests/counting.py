"""How many statements a block sends to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

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
def counted_queries() -> Iterator[Counted]:
    """Count in the block; needs an application context."""
    counted = Counted()

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        counted.statements.append(statement)

    engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield counted
    finally:
        event.remove(engine, "before_cursor_execute", note)
