"""The product as `make demo` runs it, and the floor beside it, on servers of their own."""

import contextlib
import json
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any, Self

import psycopg
from flask import Flask, session
from flask_migrate import upgrade
from sqlalchemy import Select, insert, select, update

from app import create_app
from app.accounts import sessions
from app.accounts.models import User
from app.channels.service import ensure_environment_channel
from app.conversations.models import Conversation
from app.demo_environment import PROJECT, Demo, complete
from app.demo_supervisor import PROGRAMS, bound_to_us
from app.embedded import EmbeddedPostgres, EmbeddedRedis, free_port
from app.extensions import db
from app.seed.load import load
from app.teams.models import Team
from bench import cpu, messages
from bench.progress import say
from bench.wire import Caller

FLOOR = (sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "bench.floor:app")
FLOOR_TABLE = """
CREATE TABLE IF NOT EXISTS floor (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    body bytea NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
)"""
READY_SECONDS = 180  # on a machine that does much else
FRAGMENT_BYTES = 2_000  # what the row of an inbox weighs, about


class Stage:
    """Starts everything on enter and ends it on exit; nothing of it is kept."""

    def __init__(self, web_processes: int, dashboards: int, people: int, history: int = 0) -> None:
        self.web_processes, self.most_dashboards = web_processes, dashboards
        self.people = people
        self.history = history  # messages that were said before
        self._stack = contextlib.ExitStack()
        self.environment: dict[str, str] = {}
        self.product_port, self.floor_port = free_port(), free_port()
        self.webhook = ""
        self.pages: list[dict[str, Any]] = []
        self._sent = 0
        self._pids: dict[str, int] = {}

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as stack:
            self._enter(stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _enter(self, stack: contextlib.ExitStack) -> None:
        say("starting the servers")
        kept = PROJECT / ".data"
        kept.mkdir(exist_ok=True)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-", dir=kept)))
        folder.chmod(0o755)  # the servers may run as another user
        postgres = stack.enter_context(EmbeddedPostgres(folder / "pg"))
        redis = stack.enter_context(EmbeddedRedis(folder / "redis"))
        demo = Demo(folder, self.product_port, free_port(), False, self._settings())
        complete(demo, postgres.url, redis.url)
        self.environment = demo.environment
        app = create_app({name.lower(): value for name, value in demo.environment.items()})
        with app.app_context():
            upgrade()
            channel = ensure_environment_channel()
            self.webhook = f"/webhook/zapi/{channel.webhook_secret}" if channel else ""
            if self.history:
                say(load(messages=self.history))
        with psycopg.connect(postgres.url) as connection:
            connection.execute(FLOOR_TABLE)
        for name, command in {**PROGRAMS, "floor": FLOOR}.items():
            self._launch(stack, name, command, folder)
        self._wait_for(self.product_port, "/readyz")
        self._wait_for(self.floor_port, "/")
        with app.app_context():
            self._open_pages(app)
            db.engine.dispose()

    def _settings(self) -> dict[str, str]:
        return {
            "WEB_CONCURRENCY": str(self.web_processes),
            "SCREEN_LANGUAGES": "pt_BR",  # the product's default; each more is one more rendering
            "API_REQUESTS_PER_SECOND": "1000000",  # one key makes all the calls
            "FLOOR_QUEUE": "1",  # the product always has it
            "FLOOR_FRAGMENT_BYTES": str(FRAGMENT_BYTES),
        }

    def _launch(
        self, stack: contextlib.ExitStack, name: str, command: tuple[str, ...], folder: Path
    ) -> None:
        port = {"PORT": str(self.floor_port)} if name == "floor" else {}
        log = stack.enter_context((folder / f"{name}.log").open("wb"))
        process = subprocess.Popen(
            bound_to_us(command),
            cwd=PROJECT,
            env={**self.environment, **port},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        stack.callback(_end, process)
        self._pids[name] = process.pid

    def _wait_for(self, port: int, path: str) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2).close()
                return
            except urllib.error.HTTPError as error:
                if error.code == 404:
                    return
            except OSError:
                pass
            time.sleep(0.1)
        raise TimeoutError(f"nothing answers on port {port}")

    # ── The desk at work ────────────────────────────────────────────────────────────────────

    def _open_pages(self, app: Flask) -> None:
        """Everybody has a conversation, which is with people: half of them are taken."""
        say(f"{self.people} people write, {self.most_dashboards} look")
        instance = self.environment["ZAPI_INSTANCE_ID"]
        caller = Caller(("127.0.0.1", self.product_port), self.webhook)
        for person in range(self.people):
            # Somebody wrote to them from the company's telephone: the bot keeps out of it.
            caller.post(messages.webhook(instance, person, person, "Bom dia!", from_me=True))
        self._sent = self.people
        users = _hire(self.most_dashboards)
        conversations = list(db.session.scalars(_newest_conversations(self.people)))
        _take_every_second(users, conversations)
        db.session.commit()
        html = self._page(_cookie(app, users[0]), conversations[0])
        for number, user in enumerate(users):
            shown = conversations[number % len(conversations)]
            words = _words(html, shown)
            mine = conversations[number :: len(users)]
            self.pages.append({"cookie": _cookie(app, user), "words": words, "mine": mine})

    def _page(self, cookie: str, conversation_id: int) -> str:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.product_port}/conversas/{conversation_id}",
            headers={"Cookie": cookie},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return str(answer.read().decode())

    # ── The loads ───────────────────────────────────────────────────────────────────────────

    def load(self, kind: str, side: str, count: int, **plan: Any) -> dict[str, Any]:
        """Run one load against the product or the floor; `count` is how many numbers it takes.

        With what it measured comes `cpu`: seconds of the processor that the web processes used.
        """
        say(f"{kind}: {side}")
        on_floor = side == "floor"
        plan |= {
            "kind": kind,
            "host": "127.0.0.1",
            "port": self.floor_port if on_floor else self.product_port,
            "path": f"/{kind}" if on_floor else self.webhook,
            "instance": self.environment["ZAPI_INSTANCE_ID"],
            "first": self._sent,
            "people": self.people,
        }
        self._sent += count
        server = self._pids["floor" if on_floor else "web"]
        before = cpu.spent(server)
        done = subprocess.run(
            [sys.executable, "-m", "bench.staff" if kind == "staff" else "bench.load"],
            cwd=PROJECT,
            input=json.dumps(plan).encode(),
            stdout=subprocess.PIPE,
            check=True,
            timeout=400,
        )
        result: dict[str, Any] = json.loads(done.stdout)
        return {**result, "cpu": cpu.spent(server) - before}


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(3)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _hire(count: int) -> list[User]:
    teams = list(db.session.scalars(select(Team.id).order_by(Team.id)))
    people: list[dict[str, Any]] = [
        {"name": f"Atendente {n}", "email": f"atendente-{n}@bench.local", "roles": ["attendant"]}
        for n in range(count)
    ]
    for number, person in enumerate(people):
        person["team_ids"] = [teams[number % len(teams)]] if teams else []
    users = list(db.session.scalars(insert(User).returning(User), people))
    db.session.commit()
    return users


def _newest_conversations(count: int) -> Select[Any]:
    """Those of the people who write to us now, the oldest first."""
    newest = select(Conversation.id).order_by(Conversation.id.desc()).limit(count).subquery()
    return select(newest.c.id).order_by(newest.c.id)


def _take_every_second(users: list[User], conversations: list[int]) -> None:
    ids = [user.id for user in users]
    for number, conversation_id in enumerate(conversations[1::2]):
        db.session.execute(
            update(Conversation)
            .where(Conversation.id == conversation_id)
            .values(owner_kind="user", owner_id=ids[number % len(ids)])
        )


def _cookie(app: Flask, user: User) -> str:
    """The cookie that a log-in of this person would set."""
    with app.test_request_context():
        sessions.begin(user)
        answer = app.make_response("")
        app.session_interface.save_session(app, session, answer)
        return answer.headers["Set-Cookie"].partition(";")[0]


def _words(html: str, conversation_id: int) -> list[str]:
    """What the script of a page says once it is connected."""
    rows = re.findall(r'id="row-(\d+)"[^>]*? data-version="(\d+)"', html)
    regions = dict(re.findall(r'data-region="([^"]+)"[^>]*? data-version="([^"]*)"', html))
    for name, version in regions.items():
        if version == "rows":
            regions[name] = ",".join(f"{row}:{shown}" for row, shown in rows) + "+"
    sync = json.dumps(["sync", {"regions": regions, "visible": True}])
    return [f"420{sync}", "42" + json.dumps(["look", {"conversation": conversation_id}])]
