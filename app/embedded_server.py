"""What the embedded PostgreSQL and Redis have in common: one locked folder, one process."""

import contextlib
import errno
import fcntl
import io
import os
import secrets
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, ClassVar, Self

from app.embedded_binaries import Account, EmbeddedError, account_for
from app.embedded_process import free_port, processes_inside, spawn

START_SECONDS = 30.0
PORT_TRIES = 5
LOG_BYTES = 5_000_000
DISK_FULL = ("No space left on device", "Disk quota exceeded", "wrote only")


class EmbeddedServer:
    """One server process over one locked folder; the two kinds below say how it is started."""

    name: ClassVar[str]
    death_signal: ClassVar[str]
    stop_signals: ClassVar[tuple[tuple[signal.Signals, float], ...]]

    def __init__(self, folder: Path | str, *, fsync: bool = True, port: int | None = None) -> None:
        self.folder = Path(folder).absolute()
        self.fsync = fsync
        self.files = self.folder / "data"
        self.log = self.folder / "server.log"
        self._wanted_port = port
        self._port: int | None = port
        self._lock: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._log_start = 0

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def port(self) -> int:
        """The port it listens on, kept over restarts of this object."""
        if self._port is None:
            raise EmbeddedError(f"O {self.name} ainda não foi iniciado.")
        return self._port

    @property
    def pid(self) -> int:
        """The server's process id, also of one that has just died."""
        if self._process is None:
            raise EmbeddedError(f"O {self.name} não está rodando.")
        return self._process.pid

    @property
    def password(self) -> str:
        """Made once and kept beside the data, readable by us alone."""
        return kept_secret(self.folder / "password")

    def is_alive(self) -> bool:
        """Whether the process runs; one that was killed is reaped here."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> Self:
        """Lock the folder, repair what a `kill -9` left, start and wait until it answers.

        Does nothing when already running. Raises EmbeddedError and leaves nothing behind.
        """
        if self.is_alive():
            return self
        try:
            with disk_errors_as_sentences(self.folder):
                self._lock_folder()
                account = account_for(self.files)
                self._end_leftovers()
                self._prepare(account)
                self._start_on_some_port(account)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End the process cleanly, harder if it lingers, and release the folder. Idempotent."""
        process = self._process
        for number, seconds in self.stop_signals:
            if process is None or process.poll() is not None:
                break
            process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def restart(self) -> Self:
        """Stop it if it runs and start it again, on the same port with the same data."""
        self.stop()
        return self.start()

    def _prepare(self, account: Account) -> None:
        raise NotImplementedError

    def _command(self, account: Account) -> list[str]:
        raise NotImplementedError

    def _input(self) -> bytes:
        return b""

    def _answers(self) -> bool:
        raise NotImplementedError

    def _lock_folder(self) -> None:
        if self._lock is not None:
            return
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (self.folder / "lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.close()
            raise EmbeddedError(
                f"A pasta {self.folder} já está em uso por outro {self.name}. "
                "Encerre o outro ou escolha outra pasta."
            ) from error
        self._lock = lock

    def _end_leftovers(self) -> None:
        """End processes of this folder whose launcher died; with the lock ours, none is wanted."""
        deadline = time.monotonic() + 5
        number = signal.Signals[self.death_signal]
        while pids := list(processes_inside(self.files)):
            if time.monotonic() > deadline - 3:
                number = signal.SIGKILL
            if time.monotonic() > deadline:
                raise EmbeddedError(f"O {self.name} anterior não termina (processo {pids[0]}).")
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
            time.sleep(0.02)

    def _start_on_some_port(self, account: Account) -> None:
        for _ in range(PORT_TRIES):
            if self._port is None:
                self._port = free_port()
            self._rotate_log()
            self._spawn(account)
            if self._wait_until_it_answers():
                self._wanted_port = self._port  # clients hold this address from now on
                return
            if "address already in use" not in self._said().lower():
                break
            if self._wanted_port is not None:
                raise EmbeddedError(f"A porta {self.port} já está em uso.")
            self._port = None
        raise EmbeddedError(self._why_it_ended())

    def _spawn(self, account: Account) -> None:
        with self.log.open("ab") as log:
            self._process = spawn(
                self._command(account), self.files, log, account, self.death_signal
            )
        with contextlib.suppress(BrokenPipeError), self._process.stdin or io.BytesIO() as pipe:
            pipe.write(self._input())

    def _wait_until_it_answers(self) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while self.is_alive() and time.monotonic() < deadline:
            if self._answers():
                return True
            time.sleep(0.01)
        return False

    def _rotate_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        self._log_start = self.log.stat().st_size if self.log.exists() else 0

    def _said(self) -> str:
        with self.log.open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode(errors="replace")

    def _why_it_ended(self) -> str:
        return _sentence(self.name, self._said(), self.folder, self.log)


def kept_secret(path: Path, make: Callable[[], str] = lambda: secrets.token_urlsafe(24)) -> str:
    """The secret in `path`, made at the first call in a file that only we can read."""
    if not path.exists():
        partial = path.with_name(path.name + ".new")
        with open(os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
            file.write(make())
        partial.replace(path)
    return path.read_text()


@contextlib.contextmanager
def disk_errors_as_sentences(folder: Path) -> Iterator[None]:
    """Turn an OSError about `folder` into an EmbeddedError that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise EmbeddedError(f"O disco de {folder} está cheio. Libere espaço.") from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise EmbeddedError(f"Sem permissão para usar {error.filename or folder}.") from error
        raise EmbeddedError(f"{folder}: {error.strerror}.") from error


def _sentence(name: str, said: str, folder: Path, log: Path) -> str:
    if any(hint in said for hint in DISK_FULL):
        return f"O disco de {folder} está cheio. Libere espaço."
    lines = [line for line in said.splitlines() if line.strip()] or ["sem mensagem"]
    worst = [line for line in lines if "FATAL" in line or "error" in line.lower()]
    return f"O {name} não iniciou: {(worst or lines)[-1].strip()} (veja {log})"
