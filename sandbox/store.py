"""What the sandbox remembers: one SQLite file, or memory when no file is named.

Every greenlet runs in the same thread and a statement never yields, so one connection serves all
and each method here is atomic.
"""

import json
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sandbox.numbers import digits_of, lid_of, match_key

Row = dict[str, Any]

SCHEMA = """
create table if not exists phones (
    key text primary key, number text not null, name text not null, lid text not null unique,
    use_lid integer not null default 0, active_at integer not null default 0);
create table if not exists messages (
    seq integer primary key autoincrement, id text not null unique, phone text not null,
    vendor text not null, account text not null, sender text not null, kind text not null,
    text text not null, status text not null, at integer not null, error text,
    extra text not null default '{}');
create index if not exists messages_by_phone on messages (phone, seq);
create table if not exists outbox (
    seq integer primary key autoincrement, vendor text not null, account text not null,
    method text not null, phone text not null, text text not null, message_id text not null,
    queue_id text not null, at integer not null, body text not null,
    state text not null default 'waiting');
create index if not exists outbox_by_state on outbox (vendor, account, state, seq);
create table if not exists webhooks (
    id integer primary key autoincrement, vendor text not null, account text not null,
    lane text not null, url text not null, headers text not null, type text not null,
    phone text, message_id text, payload text not null, copies integer not null,
    due_at integer not null, settles text, effect text, state text not null default 'pending');
create index if not exists webhooks_by_state on webhooks (state, due_at, id);
create table if not exists attempts (
    id integer primary key autoincrement, webhook integer not null, attempt integer not null,
    at integer not null, status integer, result text not null, error text, ms integer not null);
create table if not exists files (
    id text primary key, name text not null, type text not null, body blob not null,
    fault text not null default '', expires_at integer not null);
create table if not exists s3_objects (
    name text not null, part integer not null, type text not null, body blob not null,
    primary key (name, part));
create table if not exists s3_parts (
    name text not null, part integer not null, type text not null, body blob not null,
    primary key (name, part));
create table if not exists pipedrive_records (
    id integer primary key autoincrement, kind text not null, body text not null);
create table if not exists octadesk_records (
    id integer primary key autoincrement, kind text not null, body text not null);
create table if not exists zapi_instances (
    id text primary key, token text not null, client_token text not null, phone text not null,
    connected integer not null default 1, webhooks text not null default '{}',
    options text not null default '{}', created integer not null);
"""
TABLES = (
    "phones",
    "messages",
    "outbox",
    "webhooks",
    "attempts",
    "files",
    "s3_objects",
    "s3_parts",
    "pipedrive_records",
    "octadesk_records",
    "zapi_instances",
)
RANK = {"queued": 0, "failed": 1, "sent": 2, "delivered": 3, "read": 4}


def now_ms() -> int:
    """The wall clock in milliseconds, the unit of every stored time."""
    return time.time_ns() // 1_000_000


def iso(milliseconds: int) -> str:
    """A stored time for JSON: ISO 8601 in UTC."""
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.isoformat(timespec="milliseconds")


class Store:
    """Phones, their messages, and the rows of vendors and webhooks."""

    def __init__(self, path: str = "") -> None:
        if path:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(
            path or ":memory:", isolation_level=None, check_same_thread=False
        )
        self._connection.row_factory = sqlite3.Row
        if path:
            self._connection.execute("pragma journal_mode = wal")
            self._connection.execute("pragma synchronous = normal")
        self._connection.executescript(SCHEMA)

    def rows(self, sql: str, *values: Any) -> list[Row]:
        """All rows of a query."""
        return [dict(row) for row in self._connection.execute(sql, values)]

    def row(self, sql: str, *values: Any) -> Row | None:
        """The first row of a query, or None."""
        found = self._connection.execute(sql, values).fetchone()
        return dict(found) if found else None

    def run(self, sql: str, *values: Any) -> int:
        """Execute a statement; returns how many rows it touched."""
        return self._connection.execute(sql, values).rowcount

    def insert(self, table: str, **values: Any) -> int:
        """Insert one row and return its integer key; dictionaries and lists become JSON."""
        plain = [json.dumps(v) if isinstance(v, dict | list) else v for v in values.values()]
        marks = ", ".join("?" * len(plain))
        sql = f"insert into {table} ({', '.join(values)}) values ({marks})"  # noqa: S608 - fixed names
        return self._connection.execute(sql, plain).lastrowid or 0

    def clear(self) -> None:
        """Forget everything."""
        for table in TABLES:
            self.run(f"delete from {table}")  # noqa: S608 - names from the list above

    def phone(self, address: str, name: str = "") -> Row:
        """The phone at `address` (a number in any form, or an id with `@` or `-`), made if new."""
        found = self._find(address)
        if found is None:
            number = address if _is_id(address) else digits_of(address)
            key = match_key(number)
            lid = number if number.endswith("@lid") else lid_of(key)
            # A number whose invented lid was used first as an address is that same phone.
            found = self.row("select * from phones where lid = ?", lid)
            if found is None:
                self.insert("phones", key=key, number=number, name=name, lid=lid)
            else:
                self.run("update phones set key = ?, number = ? where lid = ?", key, number, lid)
                self.run("update messages set phone = ? where phone = ?", key, found["key"])
        elif name:
            self.run("update phones set name = ? where key = ?", name, found["key"])
        return self._find(address) or {}

    def _find(self, address: str) -> Row | None:
        if address.endswith("@lid"):
            return self.row("select * from phones where lid = ?", address)
        key = address if _is_id(address) else match_key(digits_of(address))
        return self.row("select * from phones where key = ?", key)

    def recent_phones(self) -> list[Row]:
        """Phones with a conversation, newest first, each with its last message."""
        return self.rows(
            "select p.*, m.text as preview, m.sender, m.kind, m.at from phones p"
            " join messages m on m.seq = (select max(seq) from messages where phone = p.key)"
            " order by m.seq desc limit 50"
        )

    def messages(self, key: str, limit: int = 500) -> list[Row]:
        """The last messages of a phone, oldest first, with `extra` decoded."""
        found = self.rows(
            "select * from (select * from messages where phone = ? order by seq desc limit ?)"
            " order by seq",
            key,
            limit,
        )
        return [_decoded(row) for row in found]

    def message(self, message_id: str) -> Row | None:
        """One message by its provider id, with `extra` decoded."""
        found = self.row("select * from messages where id = ?", message_id)
        return _decoded(found) if found else None

    def raise_status(self, message_id: str, status: str, error: str | None = None) -> None:
        """Move a message's status up; a lower or equal one changes nothing."""
        found = self.row("select status from messages where id = ?", message_id)
        if found and RANK[status] > RANK.get(found["status"], -1):
            self.run(
                "update messages set status = ?, error = ? where id = ?", status, error, message_id
            )

    def annotate(self, message_id: str, **extra: Any) -> None:
        """Merge facts (edited, read, reaction …) into a message."""
        found = self.message(message_id)
        if found:
            merged = json.dumps(found["extra"] | extra)
            self.run("update messages set extra = ? where id = ?", merged, message_id)

    def edit(self, message_id: str, text: str) -> None:
        """Replace a message's text and mark it as edited."""
        self.run("update messages set text = ? where id = ?", text, message_id)
        self.annotate(message_id, edited=True)


def _is_id(address: str) -> bool:
    return "@" in address or address.endswith(("-group", "-broadcast"))


def _decoded(row: Row) -> Row:
    return row | {"extra": json.loads(row["extra"])}
