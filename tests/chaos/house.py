"""The whole product in processes of its own, on a Postgres and a Redis of its own, to be killed.

Tests look at it from outside only: at the customer's phone, and at the rows that are left.
"""

import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import requests

from app.embedded import EmbeddedPostgres, EmbeddedRedis, free_port
from app.embedded_process import DIE_WITH_PARENT
from app.secrets import digest
from tests.cast import PASSWORD, password_hash
from tests.processes import answers, eventually
from tests.running import Process

FLASK = ("-m", "flask", "--app", "wsgi")
GUNICORN = ("-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app")
# Short, so that what a dead process held is taken up again within a second or two.
WAITS = {
    "SEND_LEASE_SECONDS": "2",
    "SWEEP_AFTER_SECONDS": "1",
    "RETRY_WAITS_SECONDS": "2,1,1",  # the first is long enough to be seen waiting
    "OUTSIDE_TIMEOUT_SECONDS": "1.8",  # less than the lease, as in production
    "ZAPI_PACE_SECONDS": "0",
}
PATIENCE = 60.0  # seconds: beside other tests a process may take ten to start
TICKS = {"delivery_ms": 30, "echo_ms": 60, "sent_ms": 90, "received_ms": 120, "read_ms": 150}
SILENT = dict.fromkeys(TICKS)


class House:
    """Web, two workers, the scheduler and the sandbox; `thinker` runs the bot, `sender` sends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgres = EmbeddedPostgres(folder / "pg", fsync=False).start()
        self.redis = EmbeddedRedis(folder / "redis", fsync=False).start()
        self.web_url = f"http://127.0.0.1:{free_port()}"
        self.sandbox_url = f"http://127.0.0.1:{free_port()}"
        self._numbers = iter(range(5500900310001, 5500900319999))
        self.answered: list[Customer] = []
        self._asking: psycopg.Connection[tuple[Any, ...]] | None = None
        self.sandbox = self._process("sandbox", "-m", "sandbox")
        self.web = self._process("web", *GUNICORN)
        self.thinker = self._process("thinker", *FLASK, "worker", "live", "assistant")
        self.sender = self._process("sender", *FLASK, "worker", "outbound", "sync", "bulk")
        self.cron = self._process("cron", *FLASK, "cron")

    def _process(self, name: str, *arguments: str, **settings: str) -> Process:
        environment = {
            **os.environ,
            **WAITS,
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.redis.url,
            "PORT": self.web_url.rpartition(":")[2],
            "SANDBOX_PORT": self.sandbox_url.rpartition(":")[2],
            "SANDBOX_WEBHOOK_URL": f"{self.web_url}/webhook/whatsapp",
            "ZAPI_BASE_URL": self.sandbox_url,
            **settings,
        }
        # Should the tests themselves be killed, nothing of this is left behind.
        bound = [sys.executable, "-I", "-S", str(DIE_WITH_PARENT), "--", sys.executable]
        return Process([*bound, *arguments], environment, self.folder / f"{name}.log")

    @property
    def processes(self) -> Sequence[Process]:
        """All that is ours, servers excepted."""
        return (self.web, self.thinker, self.sender, self.cron, self.sandbox)

    def open(self) -> "House":
        """Migrate, and start everything."""
        prepare = self._process("prepare", *FLASK, "prepare").start()
        self.sandbox.start()
        assert prepare.popen
        assert prepare.popen.wait(PATIENCE) == 0, prepare.log.read_text()[-3000:]
        for process in (self.web, self.thinker, self.sender, self.cron):
            process.start()
        self.wait_for_web()
        self.set(**TICKS)
        return self

    def close(self) -> None:
        """End everything, all at once."""
        for process in self.processes:
            if process.popen and process.popen.poll() is None:
                process.popen.terminate()
        for process in self.processes:
            process.stop()
        if self._asking:
            self._asking.close()
        self.redis.stop()
        self.postgres.stop()

    def wait_for_web(self) -> None:
        """Until it answers."""
        assert eventually(lambda: answers(f"{self.web_url}/healthz"), 60), self.web.log.read_text()

    @contextmanager
    def another_web(self) -> Iterator[str]:
        """The address of a second web process beside the first."""
        url = f"http://127.0.0.1:{free_port()}"
        process = self._process("web-2", *GUNICORN, PORT=url.rpartition(":")[2]).start()
        assert eventually(lambda: answers(f"{url}/healthz"), 60)
        yield url
        process.stop()

    # ── What can happen to it ───────────────────────────────────────────────────────────────

    def kill_web(self) -> None:
        """`kill -9`, and started again."""
        self.web.kill()
        assert eventually(lambda: not answers(f"{self.web_url}/healthz"))
        self.web.start()
        self.wait_for_web()

    def kill_redis(self) -> None:
        """`kill -9`, and started again with what it had."""
        os.kill(self.redis.pid, signal.SIGKILL)
        assert eventually(lambda: not self.redis.is_alive())
        self.redis.start()

    def empty_redis(self) -> None:
        """`kill -9`, and started again with nothing."""
        os.kill(self.redis.pid, signal.SIGKILL)
        assert eventually(lambda: not self.redis.is_alive())
        for path in self.redis.files.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        self.redis.start()

    @contextmanager
    def frozen(self, process: Process) -> Iterator[None]:
        """The process does nothing meanwhile; it may be killed and another started in its place."""
        assert process.popen
        victim = process.popen
        victim.send_signal(signal.SIGSTOP)
        yield
        victim.send_signal(signal.SIGCONT)  # does nothing to who was killed

    # ── The outside world ───────────────────────────────────────────────────────────────────

    def set(self, **settings: Any) -> None:
        """Change how the sandbox behaves, e.g. after how many milliseconds ticks come."""
        requests.post(f"{self.sandbox_url}/settings", json=settings, timeout=5).raise_for_status()

    def fault(self, **fault: Any) -> None:
        """Let the next call to the vendor go wrong."""
        wish = {"vendor": "zapi", "call": "send-text", "times": 1, **fault}
        requests.post(f"{self.sandbox_url}/faults", json=wish, timeout=5).raise_for_status()

    def end_faults(self) -> None:
        """The vendor is well again."""
        requests.delete(f"{self.sandbox_url}/faults", timeout=5)

    def customer(self) -> "Customer":
        """Somebody who never wrote before."""
        return Customer(self, str(next(self._numbers)))

    # ── What is left ────────────────────────────────────────────────────────────────────────

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database says."""
        # One connection for all questions: each new one is a new process of Postgres.
        if self._asking is None:
            self._asking = psycopg.connect(self.postgres.url, autocommit=True)
        return self._asking.execute(query.encode(), values).fetchall()

    def run(self, statement: str, *values: object) -> None:
        """Change what the database says, as the passing of time would."""
        with psycopg.connect(self.postgres.url) as connection:
            connection.execute(statement.encode(), values)

    def secret_address(self) -> str:
        """A path of ours at which whoever knows it is taken for the provider."""
        with psycopg.connect(self.postgres.url) as connection:
            known = "UPDATE channels SET previous_secret_hash = %s WHERE is_environment"
            connection.execute(known, [digest("known-to-the-provider")])
        return "/webhook/zapi/known-to-the-provider"

    def hire(self, name: str, role: str) -> str:
        """A member of staff; their e-mail."""
        email = f"{name.lower()}@exemplo.com.br"
        with psycopg.connect(self.postgres.url) as connection:
            connection.execute(
                "INSERT INTO users (name, email, roles, password_hash) VALUES (%s, %s, %s, %s)"
                " ON CONFLICT DO NOTHING",
                [name, email, [role], password_hash()],
            )
        return email

    def log_in(self, name: str, role: str) -> "Browser":
        """Hire somebody and let them in."""
        return Browser(self.web_url, self.hire(name, role))


class Browser:
    """A logged-in browser of a person, without its screen."""

    def __init__(self, web_url: str, email: str) -> None:
        self._web_url, self._session = web_url, requests.Session()
        self.post("/entrar", email=email, password=PASSWORD)
        assert self._session.get(f"{web_url}/conta/sessao", timeout=5).status_code == 204

    def post(self, path: str, **fields: str) -> requests.Response:
        """Send a form as its page would."""
        return self.send("POST", path, **fields)

    def send(self, method: str, path: str, **fields: str) -> requests.Response:
        """The same by another method."""
        page = self._session.get(f"{self._web_url}/no-such-page", timeout=5).text
        token = page.split('"X-CSRFToken": "')[1].split('"')[0]
        fields = {"csrf_token": token, **fields}
        return self._session.request(method, f"{self._web_url}{path}", data=fields, timeout=10)

    @property
    def cookie(self) -> str:
        """The cookie that proves who it is."""
        return str(self._session.cookies["guiche"])


class Customer:
    """One phone, and what the product keeps of it."""

    def __init__(self, house: House, number: str) -> None:
        self.house, self.number = house, number
        self.url = f"{house.sandbox_url}/phone/{number}/messages"

    def writes(self, text: str = "Oi", **fields: Any) -> None:
        """Type on the phone."""
        requests.post(self.url, json={"text": text, **fields}, timeout=5).raise_for_status()

    def messages(self) -> list[dict[str, Any]]:
        """What the phone shows, oldest first."""
        found: list[dict[str, Any]] = requests.get(self.url, timeout=5).json()
        return found

    def senders(self) -> list[str]:
        """Who wrote each message that the phone shows."""
        return [message["from"] for message in self.messages()]

    def statuses(self, direction: str = "out") -> list[str]:
        """The states of this person's messages in the product."""
        query = (
            "SELECT m.status FROM messages m JOIN conversations c ON c.id = m.conversation_id"
            " JOIN contact_identities i ON i.contact_id = c.contact_id"
            " WHERE m.direction = %s AND i.whatsapp_id = %s ORDER BY m.id"
        )
        return [row[0] for row in self.house.rows(query, direction, self.number)]

    def receipts(self, kind: str = "ReceivedCallback", status: str = "RECEIVED") -> int:
        """How many webhooks of a kind were kept."""
        query = (
            "SELECT count(*) FROM receipts"
            " WHERE phone = %s AND event_type = %s AND provider_status = %s"
        )
        return int(self.house.rows(query, self.number, kind, status)[0][0])

    def was_answered_once(self, seconds: float = PATIENCE) -> bool:
        """One message each way, on the phone and in the product, read in the end."""
        self.house.answered.append(self)
        return eventually(self.has_one_answer, seconds)

    def has_one_answer(self) -> bool:
        """Whether that is how it is now."""
        return self._seen() == ANSWERED_ONCE

    def _seen(self) -> dict[str, object]:
        return {
            "phone": self.senders(),
            "receipts": self.receipts(),
            "in": len(self.statuses("in")),
            "out": self.statuses(),
        }

    def __repr__(self) -> str:
        return f"{self.number}: {self._seen()}"


ANSWERED_ONCE = {"phone": ["customer", "company"], "receipts": 1, "in": 1, "out": ["read"]}


def soon(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Insist that the condition comes true within the time."""
    started = time.monotonic()
    assert eventually(condition, seconds), f"not within {time.monotonic() - started:.0f} s"
