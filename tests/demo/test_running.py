"""`make demo` while it runs: it answers, and what is killed comes back."""

import os
import signal
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.demo_supervisor import PROGRAMS
from tests.demo.launcher import Launcher, password_in
from tests.processes import eventually

pytestmark = [
    pytest.mark.xdist_group("demo"),  # they share one data folder
    pytest.mark.timeout(300),  # a first start takes long
]

PEOPLE = ("atendente", "atendente2", "gestor", "financeiro", "admin")


@pytest.fixture(scope="module")
def up(launcher: Launcher) -> Iterator[str]:
    """The demo while it runs: what it said."""
    with launcher.running() as (process, said):
        yield said
        process.terminate()
        process.wait(30)


def answers(port: int, path: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_it_answers_and_prints_address_log_ins_and_phone(launcher: Launcher, up: str) -> None:
    assert answers(launcher.port, "/readyz")
    assert answers(launcher.sandbox_port, "/healthz")
    assert f"http://127.0.0.1:{launcher.port}" in up
    assert f"http://127.0.0.1:{launcher.sandbox_port}" in up
    assert all(f"{person}@guiche.local" in up for person in PEOPLE)
    assert password_in(up) == (launcher.data / "demo_password").read_text()


def test_every_process_runs_and_only_we_can_read_what_it_keeps(launcher: Launcher, up: str) -> None:
    assert eventually(lambda: all(launcher.pid_of(program) for program in PROGRAMS))
    assert launcher.data.stat().st_mode & 0o077 == 0
    for name in ("secret_key", "encryption_key", "demo_password", "supervisord.conf"):
        assert (launcher.data / name).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("program", ["web", "worker-live", "sandbox"])
def test_a_killed_process_is_brought_back(launcher: Launcher, up: str, program: str) -> None:
    assert eventually(lambda: launcher.pid_of(program))
    before = launcher.pid_of(program)
    assert before is not None
    os.kill(before, signal.SIGKILL)
    assert eventually(lambda: launcher.pid_of(program) not in (None, before), 20)
    assert eventually(lambda: answers(launcher.port, "/readyz"), 40)
    assert eventually(lambda: answers(launcher.sandbox_port, "/healthz"), 40)


@pytest.mark.parametrize("server", ["postgres", "redis-server"])
def test_a_killed_server_is_brought_back_on_its_port(
    launcher: Launcher, up: str, server: str
) -> None:
    before = launcher.server_pid(server)
    assert before is not None
    os.kill(before, signal.SIGKILL)
    assert eventually(lambda: launcher.server_pid(server) not in (None, before), 20)
    assert eventually(lambda: answers(launcher.port, "/readyz"), 40)


def test_a_folder_in_use_is_refused_and_the_running_demo_goes_on(
    launcher: Launcher, up: str
) -> None:
    assert "já está em uso por outro" in Launcher(launcher.data).refused()
    assert answers(launcher.port, "/readyz")


def test_a_port_in_use_is_named_with_the_way_out(
    launcher: Launcher, up: str, tmp_path: Path
) -> None:
    other = Launcher(tmp_path / "other", port=launcher.port)
    said = other.refused()
    assert f"A porta {launcher.port} já está em uso" in said
    assert "make demo PORT=" in said
    assert other.all_gone(0)
