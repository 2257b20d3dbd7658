"""Real PostgreSQL and Redis servers for `make demo` and `make test`, from binaries in the wheels.

    with EmbeddedPostgres(folder / "pg") as postgres, EmbeddedRedis(folder / "redis") as redis:
        connect(postgres.url), connect(redis.url)

Each listens on 127.0.0.1 with a password of its own, runs without privileges, locks its folder,
dies with the process that started it and recovers from `kill -9` of anything.
"""

import contextlib
import shutil
import signal
import socket
from collections.abc import Mapping
from pathlib import Path

from app.embedded_binaries import Account, EmbeddedError, postgres_binaries, redis_binary
from app.embedded_process import free_port, spawn
from app.embedded_server import EmbeddedServer

__all__ = ["EmbeddedError", "EmbeddedPostgres", "EmbeddedRedis", "free_port"]


class EmbeddedPostgres(EmbeddedServer):
    """PostgreSQL 18 with one superuser and one database, both named `guiche`.

    `options` are settings of postgresql.conf, e.g. `{"max_connections": "50"}`.
    """

    name = "PostgreSQL"
    death_signal = "SIGQUIT"  # immediate: the next start replays the log
    stop_signals = ((signal.SIGINT, 2.0), (signal.SIGQUIT, 1.0), (signal.SIGKILL, 1.0))

    def __init__(
        self,
        folder: Path | str,
        *,
        fsync: bool = True,
        port: int | None = None,
        options: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(folder, fsync=fsync, port=port)
        self.options = dict(options or {})

    @property
    def url(self) -> str:
        """The address of the database `guiche`, as `postgresql://…`."""
        return self.url_for("guiche")

    def url_for(self, database: str) -> str:
        """The address of another database on this server."""
        return f"postgresql://guiche:{self.password}@127.0.0.1:{self.port}/{database}"

    def _prepare(self, account: Account) -> None:
        if not self.files.exists():
            self._create_cluster(account)
        elif (version := (self.files / "PG_VERSION").read_text().strip()) != "18":
            raise EmbeddedError(
                f"Os dados em {self.files} são do PostgreSQL {version} e o embutido é o 18. "
                "Use outra pasta ou recomece com RESET=1."
            )
        # The process it names is gone (_end_leftovers); its number may be somebody else's by now.
        (self.files / "postmaster.pid").unlink(missing_ok=True)

    def _create_cluster(self, account: Account) -> None:
        """initdb beside the final place: what a crash leaves half made is never taken for data."""
        partial = self.folder / "data.new"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(mode=0o700)
        account.owns(partial)
        (self.folder / "password").unlink(missing_ok=True)
        binaries = postgres_binaries(account)
        initdb = [str(binaries / "initdb"), *INITDB_OPTIONS, *([] if self.fsync else ["--no-sync"])]
        self._run(initdb, partial, account, "")
        (partial / "pg_hba.conf").write_text("host all all 127.0.0.1/32 scram-sha-256\n")
        single = [str(binaries / "postgres"), "--single", "-D", "/proc/self/cwd", "postgres"]
        statements = f"ALTER ROLE guiche PASSWORD '{self.password}'\nCREATE DATABASE guiche\n"
        self._run(single, partial, account, statements)
        partial.rename(self.files)

    def _run(self, command: list[str], folder: Path, account: Account, text: str) -> None:
        self._rotate_log()
        with self.log.open("ab") as log:
            process = spawn(command, folder, log, account, "SIGKILL")
        process.communicate(text.encode(), timeout=120)
        if process.returncode != 0:
            raise EmbeddedError(self._why_it_ended())

    def _command(self, account: Account) -> list[str]:
        durable = {} if self.fsync else dict.fromkeys(("fsync", "full_page_writes"), "off")
        if not self.fsync:
            durable["synchronous_commit"] = "off"
        settings = {**POSTGRES_SETTINGS, **durable, **self.options, "port": str(self.port)}
        # The magic link works also where the account can't enter the folders above the data.
        command = [str(postgres_binaries(account) / "postgres"), "-D", "/proc/self/cwd"]
        return command + [f"--{key}={value}" for key, value in settings.items()]

    def _answers(self) -> bool:
        with contextlib.suppress(FileNotFoundError, IndexError):
            status = (self.files / "postmaster.pid").read_text().splitlines()
            return int(status[0]) == self.pid and status[7].strip() == "ready"
        return False


INITDB_OPTIONS = (
    *("--pgdata=/proc/self/cwd", "--username=guiche", "--encoding=UTF8", "--no-instructions"),
    *("--auth=trust", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
)
POSTGRES_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
}


class EmbeddedRedis(EmbeddedServer):
    """A Redis that keeps everything it answered for in an append-only file."""

    name = "Redis"
    death_signal = "SIGKILL"  # it hands every write to the system before it answers
    stop_signals = ((signal.SIGTERM, 2.0), (signal.SIGKILL, 1.0))

    @property
    def url(self) -> str:
        """The address of database 0, as `redis://…`."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def _prepare(self, account: Account) -> None:
        self.files.mkdir(mode=0o700, exist_ok=True)
        account.owns(self.files)

    def _command(self, account: Account) -> list[str]:
        return [str(redis_binary(account)), "-"]

    def _input(self) -> bytes:
        """The configuration, through a pipe: other users can read command lines."""
        lines = (
            *("bind 127.0.0.1", f"port {self.port}", f"requirepass {self.password}"),
            *("daemonize no", 'save ""', "appendonly yes", "aof-load-truncated yes"),
            *("dir .", f"appendfsync {'everysec' if self.fsync else 'no'}"),
        )
        return "\n".join(lines).encode()

    def _answers(self) -> bool:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self.port), 1) as connection,
        ):
            connection.settimeout(1)
            connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2 and (part := connection.recv(256)):
                answer += part
            return answer.startswith(b"+OK") and b"+PONG" in answer
        return False
