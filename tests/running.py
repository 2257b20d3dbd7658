"""Real processes of the product for tests: web, workers, sandbox; and jobs run in this one."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import requests
from flask import Flask
from redis import Redis
from rq import Queue

from app.embedded import free_port
from app.queueing import QUEUES
from jobs.worker import AppWorker

ROOT = Path(__file__).parent.parent


def run_jobs(app: Flask, *queues: str) -> int:
    """Run what waits on the queues (all by default) in this process; how many jobs ran.

    The worker is told to stop when the queues are empty; jobs for later are left alone.
    """
    AppWorker.app = app
    connection: Redis = Redis.from_url(app.config["SETTINGS"].redis_url)
    lines = [Queue(name, connection=connection) for name in queues or QUEUES]
    waiting = sum(line.count for line in lines)
    total = 0
    while waiting:
        AppWorker(lines, connection=connection).work(burst=True, logging_level="CRITICAL")
        total += waiting
        waiting = sum(line.count for line in lines)
    return total


class Process:
    """One process of the product and the file with what it said."""

    def __init__(self, command: Sequence[str], environment: dict[str, str], log: Path) -> None:
        self.command, self.environment, self.log = list(command), environment, log
        self.popen: subprocess.Popen[bytes] | None = None

    def start(self) -> "Process":
        """Start it (again)."""
        with self.log.open("ab") as output:
            self.popen = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdout=output, stderr=output
            )
        return self

    def kill(self) -> None:
        """As `kill -9` does."""
        assert self.popen
        self.popen.kill()
        self.popen.wait()

    def stop(self) -> None:
        """End it kindly, at once if it does not listen."""
        if self.popen is None or self.popen.poll() is not None:
            return
        self.popen.terminate()
        try:
            self.popen.wait(5)
        except subprocess.TimeoutExpired:
            self.kill()


class Running:
    """Processes that tests of one worker share; `web()` and `sandbox()` start once."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.processes: list[Process] = []
        self._urls: dict[str, str] = {}
        self._webs: dict[str, Process] = {}

    def __enter__(self) -> "Running":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for process in self.processes:
            process.stop()

    def web(self, name: str = "web") -> str:
        """The address of a web process; another name is another process."""
        if name not in self._urls:
            port = free_port()
            command = ["-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"]
            self._webs[name] = self.launch(command, PORT=str(port))
            self._urls[name] = self._answering(f"http://127.0.0.1:{port}", "/healthz")
        return self._urls[name]

    def log_of(self, name: str) -> str:
        """What a web process has logged so far."""
        return self._webs[name].log.read_text()

    def sandbox(self) -> str:
        """The address of the outside world; its instance is INST-TEST and knows `web()`."""
        if "sandbox" not in self._urls:
            port = free_port()
            self.launch(
                ["-m", "sandbox"],
                SANDBOX_PORT=str(port),
                SANDBOX_WEBHOOK_URL=f"{self.web()}/webhook/whatsapp",
            )
            self._urls["sandbox"] = self._answering(f"http://127.0.0.1:{port}", "/healthz")
        return self._urls["sandbox"]

    def workers(self, *queues: str, **settings: str) -> Process:
        """A worker on these queues that sends to the sandbox."""
        command = ["-m", "flask", "--app", "wsgi", "worker", *(queues or QUEUES)]
        return self.launch(command, ZAPI_BASE_URL=self.sandbox(), **settings)

    def launch(self, arguments: Sequence[str], **settings: str) -> Process:
        """Start a Python process of the product with the environment of the tests."""
        environment = {**os.environ, **settings}
        log = (
            Path(os.environ["GUICHE_TEST_FOLDER"])
            / f"process-{os.getpid()}-{len(self.processes)}.log"
        )
        process = Process([sys.executable, *arguments], environment, log)
        self.processes.append(process.start())
        return process

    def _answering(self, url: str, path: str) -> str:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if requests.get(url + path, timeout=2).ok:
                    return url
            except (requests.ConnectionError, requests.Timeout):
                time.sleep(0.05)
        raise AssertionError(self.processes[-1].log.read_text()[-3000:])
