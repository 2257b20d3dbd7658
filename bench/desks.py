"""Desks of several sizes, each in a database and a process of its own, asked for pages in turn."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg

from app.demo_environment import PROJECT, Demo, complete
from app.embedded import EmbeddedPostgres, EmbeddedRedis, free_port
from bench.figures import PageCost
from bench.pages import SIGN, Cost
from bench.progress import say

TURN = 10  # requests of one desk before the other's turn: both meet the same load of the machine
LONGEST = 240  # seconds; on a machine too busy for all requests, the pages after that get one turn
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
                _Desk(_environment(folder, postgres, redis, messages), messages, folder)
            )
            for messages in sizes
        }
        costs: dict[str, list[PageCost]] = {name: [] for name in desks}
        late = time.monotonic() + LONGEST
        for page in next(iter(desks.values())).pages:
            say(page)
            asked = times if time.monotonic() < late else min(times, TURN)
            for name, cost in _in_turn(desks, page, asked).items():
                costs[name].append(cost)
        return costs


def _in_turn(desks: "dict[str, _Desk]", page: str, times: int) -> dict[str, PageCost]:
    for desk in desks.values():
        desk.ask(page, min(times, WARM_UP))
    found: dict[str, list[Cost]] = {name: [] for name in desks}
    for first in range(0, times, TURN):
        for name, desk in desks.items():
            found[name] += desk.ask(page, min(TURN, times - first))
    return {name: _page_cost(page, each) for name, each in found.items()}


def _page_cost(page: str, each: list[Cost]) -> PageCost:
    took, cpu, counts, rows = zip(*each, strict=True)
    return PageCost(page, list(took), list(cpu), max(counts), sum(rows) / len(rows))


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

    def __init__(self, environment: dict[str, str], messages: int, folder: Path) -> None:
        say(f"a desk with {messages:,} messages")
        self._log = folder / f"desk-{messages}.log"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.pages"],
            cwd=PROJECT,
            env={**os.environ, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log.open("w"),
            text=True,
        )
        plan = {"messages": messages, "conversations": messages // 10}
        self.pages: list[str] = self._send({"environment": environment, **plan})

    def __enter__(self) -> "_Desk":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()

    def ask(self, page: str, times: int) -> list[Cost]:
        """What each of so many requests cost."""
        return [tuple(cost) for cost in self._send({"page": page, "times": times})]

    def _send(self, what: dict[str, Any]) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        for line in self._process.stdout:
            if line.startswith(SIGN):
                return json.loads(line.removeprefix(SIGN))
        raise RuntimeError(f"the desk ended before it answered:\n{self._log.read_text()[-2000:]}")
