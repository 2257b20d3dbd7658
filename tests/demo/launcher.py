"""Running `python -m app.demo` from tests, and finding what it started."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from app.demo_supervisor import PROGRAMS
from app.embedded import free_port
from tests.processes import eventually, is_running

PROJECT = Path(__file__).resolve().parents[2]
UNSET = ("DATABASE_URL", "REDIS_URL", "GUICHE_ENV", "DEMO_PASSWORD", "RESET")


@dataclass
class Launcher:
    """One data folder with its ports, on which the demo is started any number of times."""

    data: Path
    port: int = field(default_factory=free_port)
    sandbox_port: int = field(default_factory=free_port)

    @contextmanager
    def starting(self, **settings: str) -> Iterator["subprocess.Popen[str]"]:
        """The launcher's process, killed at the end if it still runs."""
        given = {"PORT": str(self.port), "SANDBOX_PORT": str(self.sandbox_port), **settings}
        environment = {name: value for name, value in os.environ.items() if name not in UNSET}
        with subprocess.Popen(
            [sys.executable, "-m", "app.demo"],
            cwd=PROJECT,
            env={**environment, "GUICHE_DATA": str(self.data), **given},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    @contextmanager
    def running(self, **settings: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
        """The process once it says that the demo is up, and what it said."""
        with self.starting(**settings) as process:
            said = welcome(process)
            assert "Ctrl-C encerra" in said, said
            yield process, said

    def refused(self, **settings: str) -> str:
        """What it says when it must end by itself, with exit code 1 and nothing left."""
        with self.starting(**settings) as process:
            output, _ = process.communicate(timeout=60)
        assert process.returncode == 1, output
        assert "Traceback" not in output
        return output

    def processes(self) -> list[int]:
        """Everything of this demo that runs, the servers included."""
        return [int(entry.name) for entry in Path("/proc").iterdir() if self._owns(entry)]

    def _owns(self, entry: Path) -> bool:
        try:
            environment = (entry / "environ").read_bytes().split(b"\0")
            inside = (entry / "cwd").readlink().is_relative_to(self.data)
        except OSError:
            return False
        return (inside or f"GUICHE_DATA={self.data}".encode() in environment) and is_running(
            int(entry.name)
        )

    def pid_of(self, program: str) -> int | None:
        """The process of one of the programs, not what it forked."""
        wanted = " ".join(PROGRAMS[program][1:])
        same = {pid for pid in self.processes() if _arguments(pid) == wanted}
        return next((pid for pid in same if _parent(pid) not in same), None)

    def server_pid(self, name: str) -> int | None:
        """The embedded `postgres` or `redis-server`, whose children go by other titles."""
        for pid in self.processes():
            program = _command(pid).split(" ")[0]
            if program.startswith("/") and Path(program).name == name:
                return pid
        return None

    def all_gone(self, seconds: float = 5) -> bool:
        """Whether nothing is left within the time."""
        return eventually(lambda: not self.processes(), seconds)


def _command(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().rstrip("\0").replace("\0", " ")
    return ""


def _arguments(pid: int) -> str:
    return _command(pid).partition(" ")[2]


def _parent(pid: int) -> int:
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


def welcome(process: "subprocess.Popen[str]") -> str:
    """What the launcher prints until it is up, or all of it when it ends before."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "Ctrl-C encerra" in line:
            break
    return "".join(lines)


def password_in(said: str) -> str:
    """The password that the welcome names."""
    found = re.search(r"com a senha (\S+)", said)
    assert found is not None, said
    return found[1]
