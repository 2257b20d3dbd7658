"""Filling tables by COPY, with what checks and orders each row made once, at the end."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import psycopg

CHUNK = 1 << 18  # bytes sent to the server at once
IN_MEMORY = 1 << 26  # bytes of the smaller tables kept before they go to a file

_INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
FROM pg_index i
WHERE i.indrelid = ANY (%s::regclass[])
  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
ORDER BY 1"""
_REFERENCES = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
FROM pg_constraint
WHERE contype = 'f' AND conrelid = ANY (%s::regclass[])
ORDER BY 1, 2"""


@contextmanager
def unindexed(connection: psycopg.Connection[Any], tables: list[str]) -> Iterator[None]:
    """The block fills these tables; indexes and foreign keys come back after it, checked.

    All in the transaction under way: an error leaves everything as it was.
    """
    connection.execute("SET LOCAL maintenance_work_mem = '256MB'")
    indexes = connection.execute(_INDEXES, (tables,)).fetchall()
    references = connection.execute(_REFERENCES, (tables,)).fetchall()
    for table, name, _ in references:
        connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}".encode())
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}".encode())
    yield
    for _, definition in indexes:
        connection.execute(definition.encode())
    for table, name, definition in references:
        connection.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}".encode())


def copy(
    connection: psycopg.Connection[Any],
    table: str,
    columns: tuple[str, ...],
    chunks: Iterable[bytes],
) -> None:
    """Send lines in COPY's text format."""
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN".encode()
    with connection.cursor() as cursor, cursor.copy(statement) as target:
        for chunk in chunks:
            target.write(chunk)


def chunked(lines: Iterable[str]) -> Iterator[bytes]:
    """Lines put together into pieces worth sending."""
    kept: list[str] = []
    size = 0
    for one in lines:
        kept.append(one)
        size += len(one)
        if size >= CHUNK:
            yield "".join(kept).encode()
            kept, size = [], 0
    yield "".join(kept).encode()


def line(*values: object) -> str:
    """One row of COPY's text format. Texts must hold no backslash, tab or line break."""
    return "\t".join("\\N" if value is None else str(value) for value in values) + "\n"


class Kept:
    """The lines of a table that is sent later, in memory or in a file that nobody else sees."""

    def __init__(self) -> None:
        self._file: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by `chunks`

    def add(self, row: str) -> None:
        """Keep one line."""
        self._file.write(row.encode())

    def chunks(self) -> Iterator[bytes]:
        """Everything kept, once."""
        self._file.seek(0)
        with self._file:
            while chunk := self._file.read(CHUNK):
                yield chunk


def follow_ids(connection: psycopg.Connection[Any], *tables: str) -> None:
    """Let the next rows that the product adds be numbered after those that were copied."""
    for table in tables:
        connection.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}".encode()  # noqa: S608
        )
