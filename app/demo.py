"""`make demo`: the whole product on one machine, from PostgreSQL to a customer's phone."""

import contextlib
import fcntl
import hashlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import psycopg

from app.demo_environment import PROJECT, Demo, complete, read_demo
from app.demo_finance import TOLD, Storyteller
from app.demo_supervisor import FLASK, PROGRAMS, Supervisor, bound_to_us
from app.embedded import EmbeddedError, EmbeddedPostgres, EmbeddedRedis
from app.embedded_server import EmbeddedServer, disk_errors_as_sentences

READY_SECONDS = 90
WATCH_SECONDS = 0.5
FREE_BYTES = 50_000_000
OWN_DATA = PROJECT / ".data"
MARK = "guiche-demo"  # lies in folders that were empty when the demo first came
MADE = (
    *("postgres", "redis", "logs", "metrics", "media", "prepared", TOLD),
    *("secret_key", "encryption_key", "demo_password", "webhook_secret"),
    *("sandbox.sqlite3", "sandbox.sqlite3-wal", "sandbox.sqlite3-shm"),
    *("supervisord.conf", MARK),
)
PEOPLE = {
    "atendente@guiche.local": "atendente",
    "atendente2@guiche.local": "outra atendente",
    "gestor@guiche.local": "gestão",
    "financeiro@guiche.local": "financeiro",
    "admin@guiche.local": "administração",
}


class Stopped(BaseException):
    """Ctrl-C, SIGTERM or a closed terminal: end everything, wherever the start has got to."""


def main() -> int:
    """Run the demo until told to stop; 1 after a sentence about what is wrong."""
    began = time.monotonic()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        demo = read_demo()
        with disk_errors_as_sentences(demo.data), contextlib.ExitStack() as running:
            try:
                _run(demo, running, began)
            finally:
                _finish_undisturbed()
    except Stopped:
        print("\nEncerrado. Os dados ficam guardados.", flush=True)
    except EmbeddedError as error:
        print(error, file=sys.stderr, flush=True)
        return 1
    return 0


def _run(demo: Demo, running: contextlib.ExitStack, began: float) -> None:
    _refuse_taken_ports(demo)
    running.enter_context(_own_data_folder(demo))
    servers = _start_servers(demo, running)
    _prepare_database(demo)
    supervisor = Supervisor(demo.data, demo.environment)
    running.callback(supervisor.stop)
    supervisor.start()
    _wait_until_ready(demo, supervisor)
    supervisor.start_the_rest()
    _welcome(demo, time.monotonic() - began)
    storyteller = Storyteller(demo)
    running.callback(storyteller.stop)
    while True:
        storyteller.go_on()
        _watch(servers, supervisor)
        time.sleep(WATCH_SECONDS)


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped


def _finish_undisturbed() -> None:
    """The end has begun: a second Ctrl-C must not interrupt it half way."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def _refuse_taken_ports(demo: Demo) -> None:
    for name, port in (("PORT", demo.port), ("SANDBOX_PORT", demo.sandbox_port)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except PermissionError as error:
                raise EmbeddedError(
                    f"A porta {port} exige root; escolha outra em {name}."
                ) from error
            except OSError as error:
                raise EmbeddedError(
                    f"A porta {port} já está em uso por outro programa. "
                    f"Encerre-o ou escolha outra: make demo {name}={port + 1}"
                ) from error


@contextlib.contextmanager
def _own_data_folder(demo: Demo) -> Iterator[None]:
    demo.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    _refuse_to_empty_what_is_not_ours(demo)
    with (demo.data / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise EmbeddedError(
                f"A pasta {demo.data} já está em uso por outro `make demo`. "
                "Encerre o outro ou escolha outra pasta com GUICHE_DATA."
            ) from error
        if demo.reset:
            _empty(demo.data)
        if {path.name for path in demo.data.iterdir()} <= {"lock"}:
            (demo.data / MARK).write_text("Pasta criada por `make demo`; RESET=1 recomeça nela.\n")
        if shutil.disk_usage(demo.data).free < FREE_BYTES:
            raise EmbeddedError(
                f"O disco de {demo.data} está cheio. Libere ao menos {FREE_BYTES // 10**6} MB."
            )
        yield


def _refuse_to_empty_what_is_not_ours(demo: Demo) -> None:
    """A folder that held something before the demo came has no mark: it may be anybody's."""
    names = {path.name for path in demo.data.iterdir()}
    if demo.reset and names - {"lock"} and MARK not in names and demo.data != OWN_DATA:
        raise EmbeddedError(
            f"RESET=1 recusado: a pasta {demo.data} não foi criada por `make demo` e nada nela foi "
            "apagado. Escolha uma pasta nova ou vazia em GUICHE_DATA, ou esvazie esta você mesmo."
        )


def _empty(folder: Path) -> None:
    """Delete what the demo makes; what somebody else laid beside it stays."""
    for name in MADE:
        path = folder / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _start_servers(demo: Demo, running: contextlib.ExitStack) -> list[EmbeddedServer]:
    """Start what no address was given for and complete the environment with it."""
    given = demo.environment
    servers: list[EmbeddedServer] = []
    urls = {"DATABASE_URL": given.get("DATABASE_URL", ""), "REDIS_URL": given.get("REDIS_URL", "")}
    if not urls["DATABASE_URL"]:
        if not (demo.data / "postgres" / "data").exists():
            print("Primeira vez: criando o banco e os dados de exemplo…", flush=True)
        postgres = running.enter_context(EmbeddedPostgres(demo.data / "postgres"))
        servers.append(postgres)
        urls["DATABASE_URL"] = postgres.url
    if not urls["REDIS_URL"]:
        redis = running.enter_context(EmbeddedRedis(demo.data / "redis"))
        servers.append(redis)
        urls["REDIS_URL"] = redis.url
    complete(demo, urls["DATABASE_URL"], urls["REDIS_URL"])
    return servers


def _prepare_database(demo: Demo) -> None:
    """Migrate and load sample data, unless this very database had both for these settings."""
    head = _newest_migration()
    mark = demo.data / "prepared"
    wanted = _fingerprint(demo, head)
    if mark.exists() and mark.read_text() == wanted and _database_version(demo) == head:
        return
    for step in ("prepare", "seed"):
        _run_once(demo, step)
    mark.write_text(wanted)


def _fingerprint(demo: Demo, head: str) -> str:
    """Of everything the two commands depend on, an embedded database's changing port excepted."""
    names = [name for name in sorted(demo.environment) if name.startswith("ZAPI_")]
    facts = [head, *(f"{name}={demo.environment[name]}" for name in (*names, "DEMO_PASSWORD"))]
    facts.append(re.sub(r"@127\.0\.0\.1:\d+", "", demo.environment["DATABASE_URL"]))
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def _newest_migration() -> str:
    """The revision no other builds on, read from the files: loading Alembic takes a second."""
    texts = [path.read_text() for path in (PROJECT / "migrations" / "versions").glob("*.py")]
    revisions = {found[1] for text in texts if (found := re.search(REVISION, text, re.M))}
    bases = {name for text in texts for name in re.findall(QUOTED, _down_revision(text))}
    heads = revisions - bases
    return heads.pop() if len(heads) == 1 else ""


QUOTED = r"['\"]([^'\"]+)['\"]"
REVISION = r"^revision\b[^=\n]*= *['\"]([^'\"]+)"


def _down_revision(text: str) -> str:
    found = re.search(r"^down_revision\b[^=\n]*=(.*)$", text, re.M)
    return found[1] if found else ""


def _database_version(demo: Demo) -> str:
    try:
        with psycopg.connect(demo.environment["DATABASE_URL"], connect_timeout=5) as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            return str(row[0]) if row else ""
    except psycopg.Error:
        return ""  # `prepare` will say what is wrong, in full


def _run_once(demo: Demo, step: str) -> None:
    (demo.data / "logs").mkdir(exist_ok=True)
    path = demo.data / "logs" / f"{step}.log"
    with path.open("wb") as log:
        command = bound_to_us((*FLASK, step))
        done = subprocess.run(
            command, cwd=PROJECT, env=demo.environment, stdout=log, stderr=log, check=False
        )
    if done.returncode != 0:
        lines = path.read_text(errors="replace").splitlines()[-12:]
        raise EmbeddedError(_failure(f"O preparo do banco ({step}) falhou", path, lines))


def _wait_until_ready(demo: Demo, supervisor: Supervisor) -> None:
    waiting = {"web": f"{demo.address}/readyz", "sandbox": f"{demo.phone}/healthz"}
    deadline = time.monotonic() + READY_SECONDS
    while waiting:
        if not supervisor.is_alive():
            raise EmbeddedError(_gone(supervisor, "supervisord"))
        if name := supervisor.failed():
            raise EmbeddedError(_gone(supervisor, name))
        waiting = {name: url for name, url in waiting.items() if not _answers(url)}
        if waiting and time.monotonic() > deadline:
            raise EmbeddedError(_gone(supervisor, next(iter(waiting)), "não respondeu a tempo"))
        time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310 - our own address
            return bool(response.status == 200)
    except OSError:
        return False


def _watch(servers: list[EmbeddedServer], supervisor: Supervisor) -> None:
    """Bring back whatever was killed; what can't be brought back ends the demo."""
    for server in servers:
        if not server.is_alive():
            server.start()
    if not supervisor.is_alive():
        supervisor.start()
    supervisor.start_the_rest()
    if name := supervisor.failed():
        raise EmbeddedError(_gone(supervisor, name))


def _gone(supervisor: Supervisor, name: str, what: str = "não inicia") -> str:
    log = name if name in PROGRAMS else "supervisord"
    lines = supervisor.last_lines(log)
    return _failure(f"O processo {name} {what}", supervisor.logs / f"{log}.log", lines)


def _failure(sentence: str, log: Path, lines: list[str]) -> str:
    return "\n  ".join([f"{sentence}. Fim de {log}:", *lines])


def _welcome(demo: Demo, seconds: float) -> None:
    took = f"{seconds:.1f}".replace(".", ",")
    people = "\n".join(f"  {email:<26} {role}" for email, role in PEOPLE.items())
    print(
        f"Guichê no ar em {took} s: {demo.address}\n"
        f"Telefone de teste: {demo.phone}\n"
        f"Acessos, todos com a senha {demo.environment['DEMO_PASSWORD']}\n{people}\n"
        f"Dados e registros em {demo.data}. Ctrl-C encerra.",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
