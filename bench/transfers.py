"""Contacts in from a spreadsheet, out as CSV and XLSX, and an import taken back.

`measure_transfers` starts a process with a database of its own; `python -m bench.transfers` is that
process. What a worker does is done in it, so that its time and memory are the worker's.
"""

import contextlib
import gc
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import flask_migrate
import psycopg

from app import create_app
from app.accounts.models import User
from app.channels.service import ensure_environment_channel
from app.contacts import listing
from app.contacts.transfers import exporting, importing, queries, undoing
from app.demo_environment import PROJECT, Demo, complete
from app.embedded import EmbeddedPostgres, EmbeddedRedis, free_port
from app.exports import making
from app.extensions import db
from bench.figures import Transfer

SIGN = "transfers: "


def measure_transfers(contacts: int) -> list[Transfer]:
    """What each costs with so many contacts, in the order in which it was done."""
    kept = PROJECT / ".data"
    kept.mkdir(exist_ok=True)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-", dir=kept)))
        folder.chmod(0o755)  # the servers may run as another user
        postgres = stack.enter_context(EmbeddedPostgres(folder / "pg"))
        redis = stack.enter_context(EmbeddedRedis(folder / "redis"))
        with psycopg.connect(postgres.url, autocommit=True) as connection:
            connection.execute(b"CREATE DATABASE transfers")
        demo = Demo(folder, free_port(), free_port(), False, {})
        complete(demo, postgres.url_for("transfers"), redis.url)
        demo.environment.pop("PROMETHEUS_MULTIPROC_DIR")
        environment = {**os.environ, **demo.environment, "MEDIA_FOLDER": str(folder / "media")}
        command = [sys.executable, "-m", "bench.transfers", str(contacts)]
        done = subprocess.run(
            command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True, check=True
        )
    found = next(line for line in done.stdout.splitlines() if line.startswith(SIGN))
    return [Transfer(**one) for one in json.loads(found.removeprefix(SIGN))]


def sheet(contacts: int) -> bytes:
    """A spreadsheet of so many people, each with a phone, an e-mail and a note."""
    lines = ["Nome;Telefone;E-mail;Observações"]
    lines += [
        f"Pessoa {n} da Silva;(41) 9{n // 10_000:04d}-{n % 10_000:04d};p{n}@exemplo.com.br;Nota {n}"
        for n in range(contacts)
    ]
    return "\n".join(lines).encode()


def _timed(name: str, count: int, act: Callable[[], Any]) -> dict[str, Any]:
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    return {
        "name": name,
        "contacts": count,
        "seconds": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "grew_mb": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024,
    }


def _through(pieces: Iterable[Any]) -> None:
    for _piece in pieces:
        pass


def main() -> None:
    """Everything with so many contacts, and what it took, as one line of JSON."""
    contacts = int(sys.argv[1])
    app = create_app()
    with app.app_context():
        flask_migrate.upgrade(directory=str(PROJECT / "migrations"))
        ensure_environment_channel()
        by = User(name="Admin", email="admin@exemplo.com", roles=["admin"])
        db.session.add(by)
        db.session.commit()
        everybody, content = listing.ContactFilter(), sheet(contacts)
        made = importing.upload(by, "pessoas.csv", content)
        number, columns = made.id, list(made.columns)

        def state() -> str:
            db.session.rollback()
            db.session.expire_all()
            return queries.find(number).state

        def take_over() -> None:
            importing.start(number, by, columns, "fill")
            while state() in ("queued", "running"):
                importing.run(number)

        def take_back() -> None:
            undoing.start(number, by)
            while state() == "undoing":
                undoing.run(number)

        def as_xlsx() -> None:
            export = exporting.request_xlsx(by, everybody, False)
            making.run(exporting.KIND, export.id)
            _through(making.content_of(exporting.KIND, export.id, by)[0])

        def as_csv() -> None:
            _through(exporting.csv_export(by, everybody, False))

        found = [
            _timed("import", contacts, take_over),
            _timed("export, CSV", contacts, as_csv),
            _timed("export, XLSX", contacts, as_xlsx),
            _timed("import taken back", contacts, take_back),
        ]
    print(SIGN + json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
