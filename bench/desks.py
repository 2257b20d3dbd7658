"""Desks of several sizes, each in a database and a process of its own, asked for pages in turn."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import psycopg

from app.demo_environment import PROJECT, Demo, complete
from app.embedded import EmbeddedPostgres, EmbeddedRedis, free_port
from bench.figures import PageCost
from bench.pages import SIGN

TURN = 10  # requests of one desk before the other's turn: both meet the same load of the machine
WARM_UP = 5


def measure_pages(sizes: tuple[int, ...], times: int) -> dict[str, list[PageCost]]:
    """What each page costs with so many messages; by a name of the size."""
    kept = PROJECT / ".data"
    kept.mkdir(exist_ok=True)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-", dir=kept)))
        folder.chmod(0o755)  # the servers may run as another user
        postgres = stack.enter_context(EmbeddedPostgres(folder / "pg"))
        redis = stack.enter_context(EmbeddedRedis(folder / "redis"))
        desks = {
            f"{messages // 10:,} conversations": stack.enter_context(
                _Desk(_environment(folder, postgres, redis, messages), messages)
            )
            for messages in sizes
        }
        costs: dict[str, list[PageCost]] = {name: [] for name in desks}
        for page in next(iter(desks.values())).pages:
            for name, cost in _in_turn(desks, page, times).items():
                costs[name].append(cost)
        return costs


def _in_turn(desks: "dict[str, _Desk]", page: str, times: int) -> dict[str, PageCost]:
    for desk in desks.values():
        desk.ask(page, min(times, WARM_UP))
    found: dict[str, list[tuple[float, int]]] = {name: [] for name in desks}
    for first in range(0, times, TURN):
        for name, desk in desks.items():
            found[name] += desk.ask(page, min(TURN, times - first))
    return {
        name: PageCost(page, [took for took, _ in each], max(count for _, count in each))
        for name, each in found.items()
    }


def _environment(
    folder: Path, postgres: EmbeddedPostgres, redis: EmbeddedRedis, messages: int
) -> dict[str, str]:
    name = f"desk_{messages}"
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    demo = Demo(folder, free_port(), free_port(), False, {})
    complete(demo, postgres.url_for(name), redis.url)
    demo.environment.pop("PROMETHEUS_MULTIPROC_DIR")
    return demo.environment


class _Desk:
    """The process that answers for one size; see bench.pages."""

    def __init__(self, environment: dict[str, str], messages: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.pages"],
            cwd=PROJECT,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        plan = {"messages": messages, "conversations": messages // 10}
        self.pages: list[str] = self._send({"environment": environment, **plan})

    def __enter__(self) -> "_Desk":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()

    def ask(self, page: str, times: int) -> list[tuple[float, int]]:
        """Milliseconds and statements of each of so many requests."""
        return [(took, count) for took, count in self._send({"page": page, "times": times})]

    def _send(self, what: dict[str, Any]) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        for line in self._process.stdout:
            if line.startswith(SIGN):
                return json.loads(line.removeprefix(SIGN))
        raise RuntimeError("the desk ended before it answered")
