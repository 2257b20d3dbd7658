"""The demo's processes under supervisord, which brings back any that dies."""

import contextlib
import http.client
import os
import re
import secrets
import shlex
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from app.demo_environment import PROJECT
from app.embedded import free_port
from app.embedded_process import DIE_WITH_PARENT

FAULT = re.compile(r"exited: (\S+) \(exit status \d+; not expected\)")
START_SECONDS = 5  # who ends by itself before that did not start
STOP_SECONDS = 2  # then SIGKILL, to the whole group
NO_ANSWER = (OSError, http.client.HTTPException, xmlrpc.client.Fault)
FLASK = (sys.executable, "-m", "flask", "--app", "wsgi")
FIRST = ("web", "sandbox")  # the others wait for them, so that they have the processor to start
PROGRAMS: Mapping[str, tuple[str, ...]] = {
    "web": (sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"),
    "sandbox": (sys.executable, "-m", "sandbox"),
    "worker-live": (*FLASK, "worker", "live", "assistant"),
    "worker-outbound": (*FLASK, "worker", "outbound"),
    "worker-bulk": (*FLASK, "worker", "sync", "bulk"),
    "cron": (*FLASK, "cron"),
}


def bound_to_us(command: tuple[str, ...], *options: str) -> list[str]:
    """The command, made to die with this process."""
    wrapper = [sys.executable, "-I", "-S", str(DIE_WITH_PARENT), "--parent", str(os.getpid())]
    return [*wrapper, *options, "--", *command]


class State(NamedTuple):
    """What supervisord says of a program: its word for the state, and since how many seconds."""

    word: str
    age: int


class Supervisor:
    """supervisord over PROGRAMS, spoken to on loopback with a password made for this run."""

    def __init__(self, data: Path, environment: Mapping[str, str]) -> None:
        self.config = data / "supervisord.conf"
        self.logs = data / "logs"
        self.environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None
        self._server: Any = None
        self._settled: set[str] = set()
        self._log_start = 0

    def start(self) -> None:
        """Write the configuration and start supervisord, which starts the FIRST programs."""
        self.logs.mkdir(exist_ok=True)
        (self.logs / "supervisord.log").touch()
        self._log_start = (self.logs / "supervisord.log").stat().st_size
        port, password = free_port(), secrets.token_urlsafe(24)
        with open(os.open(self.config, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
            file.write(_configuration(self.logs, port, password))
        command = (sys.executable, "-m", "supervisor.supervisord", "-c", str(self.config))
        with (self.logs / "supervisord.out").open("wb") as output:
            self._process = subprocess.Popen(  # noqa: S603 - a command of our own
                bound_to_us(command, "--session"),
                cwd=PROJECT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        self._server = xmlrpc.client.ServerProxy(
            f"http://guiche:{password}@127.0.0.1:{port}/RPC2", transport=_Impatient()
        ).supervisor

    def is_alive(self) -> bool:
        """Whether supervisord itself runs."""
        return self._process is not None and self._process.poll() is None

    def states(self) -> dict[str, "State"]:
        """Each program's state; empty while supervisord doesn't answer.

        Asking also wakes supervisord, which otherwise looks at its children once a second.
        """
        with contextlib.suppress(*NO_ANSWER):
            found = self._server.getAllProcessInfo()
            return {
                info["name"]: State(info["statename"], info["now"] - info["start"])
                for info in found
            }
        return {}

    def failed(self) -> str | None:
        """A program that ended by itself in its first seconds, or was given up on.

        Those that were killed come back however often; only the log tells the two apart.
        """
        for name, state in self.states().items():
            if state.word == "RUNNING" and state.age > START_SECONDS:
                self._settled.add(name)
            if state.word == "FATAL":
                return name
        with (self.logs / "supervisord.log").open() as log:
            log.seek(self._log_start)
            ended = FAULT.findall(log.read())
        return next((name for name in ended if name not in self._settled), None)

    def start_the_rest(self) -> None:
        """Start the programs that wait for the first ones."""
        for name, state in self.states().items():
            if state.word == "STOPPED":
                with contextlib.suppress(*NO_ANSWER):
                    self._server.startProcess(f"guiche:{name}", False)

    def stop(self) -> None:
        """End every program, then supervisord; whoever lingers is killed with it."""
        if not self.is_alive() or self._process is None:
            return
        with contextlib.suppress(*NO_ANSWER):
            self._server.shutdown()
        deadline = time.monotonic() + STOP_SECONDS + 1
        while self.is_alive() and time.monotonic() < deadline:
            self.states()
            time.sleep(0.03)
        self._process.kill()  # its programs asked the kernel to die with it
        self._process.wait()

    def last_lines(self, program: str, count: int = 12) -> list[str]:
        """The end of a program's log."""
        path = self.logs / f"{program}.log"
        text = path.read_text(errors="replace") if path.exists() else ""
        return text.splitlines()[-count:]


class _Impatient(xmlrpc.client.Transport):
    def make_connection(self, host: Any) -> http.client.HTTPConnection:
        connection = super().make_connection(host)
        connection.timeout = 1
        return connection


def _configuration(logs: Path, port: int, password: str) -> str:
    def escaped(value: object) -> str:
        return str(value).replace("%", "%%")

    lines = [
        "[supervisord]",
        *("nodaemon=true", "silent=true", "nocleanup=true", "identifier=guiche"),
        *(["user=root"] if os.geteuid() == 0 else []),  # or it warns on every start
        f"logfile={escaped(logs / 'supervisord.log')}",
        f"pidfile={escaped(logs / 'supervisord.pid')}",
        *("logfile_maxbytes=1MB", "logfile_backups=1"),
        "[inet_http_server]",
        *(f"port=127.0.0.1:{port}", "username=guiche", f"password={password}"),
        "[rpcinterface:supervisor]",
        "supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface",
        "[group:guiche]",  # one group: it is stopped as one, not program after program
        f"programs={','.join(PROGRAMS)}",
    ]
    for name, command in PROGRAMS.items():
        wrapped = (sys.executable, "-I", "-S", str(DIE_WITH_PARENT), "--", *command)
        lines += [
            f"[program:{name}]",
            f"command={escaped(shlex.join(wrapped))}",
            f"stdout_logfile={escaped(logs / f'{name}.log')}",
            *("stdout_logfile_maxbytes=5MB", "stdout_logfile_backups=2", "redirect_stderr=true"),
            f"autostart={str(name in FIRST).lower()}",
            *("autorestart=true", "startsecs=2", "startretries=20"),
            *(f"stopwaitsecs={STOP_SECONDS}", "killasgroup=true"),
        ]
    return "\n".join(lines) + "\n"
