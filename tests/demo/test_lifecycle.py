"""`make demo` starting and ending: data stays, processes do not, faults are sentences."""

import re
import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from app.demo import MADE
from tests.demo.launcher import Launcher, password_in
from tests.processes import eventually

pytestmark = pytest.mark.timeout(300)  # a first start takes long
by_the_clock = pytest.mark.serial
beside_others = pytest.mark.xdist_group("demo")  # they share one data folder


def database_url(launcher: Launcher) -> str:
    web = launcher.pid_of("web")
    text = Path(f"/proc/{web}/environ").read_text()
    return next(part[13:] for part in text.split("\0") if part.startswith("DATABASE_URL="))


def warm_start(launcher: Launcher) -> float:
    """The seconds a second start says it took."""
    with launcher.running() as (process, said):
        process.terminate()
        process.wait(30)
    seconds = re.search(r"no ar em ([\d,]+) s", said)
    assert seconds is not None
    return float(seconds[1].replace(",", "."))


@by_the_clock
def test_a_warm_start_takes_less_than_5_s(launcher: Launcher) -> None:
    assert any(warm_start(launcher) < 5 for _ in range(3)), "three tries, all slow"


@by_the_clock
def test_sigterm_ends_everything_within_5_s_and_a_second_start_keeps_data_and_password(
    launcher: Launcher,
) -> None:
    with launcher.running() as (process, said):
        with psycopg.connect(database_url(launcher)) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 'kept' AS value")
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert launcher.all_gone(0)
        assert time.monotonic() - began < 5
    with launcher.running() as (process, again):
        with psycopg.connect(database_url(launcher)) as connection:
            assert connection.execute("SELECT value FROM kept").fetchone() == ("kept",)
        assert password_in(again) == password_in(said)
        process.send_signal(signal.SIGINT)
        assert process.wait(5) == 0
    assert launcher.all_gone(0)


@by_the_clock
def test_a_killed_launcher_leaves_no_process_and_the_next_one_starts(launcher: Launcher) -> None:
    with launcher.running() as (process, _):
        process.kill()
        process.wait()
        assert launcher.all_gone()
    with launcher.running() as (process, _):
        process.terminate()
        assert process.wait(30) == 0


def listens_for_sigterm(pid: int) -> bool:
    """Whether the process has come so far as to catch the signal."""
    caught = re.search(r"^SigCgt:\s*(\w+)", Path(f"/proc/{pid}/status").read_text(), re.M)
    return caught is not None and bool(int(caught[1], 16) >> (signal.SIGTERM - 1) & 1)


@beside_others
@pytest.mark.parametrize("delay", [0.0, 0.7])
def test_a_signal_during_the_start_leaves_nothing(launcher: Launcher, delay: float) -> None:
    with launcher.starting() as process:
        assert eventually(lambda: listens_for_sigterm(process.pid))
        time.sleep(delay)
        process.terminate()
        assert process.wait(30) == 0
    assert launcher.all_gone(0)


@dataclass
class StartedOver:
    """What a start with RESET=1 met, said and left."""

    names_before: set[str]
    key_before: str
    said: str
    theirs: Path


@pytest.fixture(scope="module")
def started_over(launcher: Launcher) -> Iterator[StartedOver]:
    """RESET=1 in a folder where somebody keeps a note of theirs."""
    names = {path.name for path in launcher.data.iterdir()}
    key = (launcher.data / "secret_key").read_text()
    theirs = launcher.data / "anotações.txt"
    theirs.write_text("minhas")
    with launcher.running(RESET="1", DEMO_PASSWORD="escolhida") as (process, said):
        process.terminate()
        assert process.wait(30) == 0
    yield StartedOver(names, key, said, theirs)
    theirs.unlink()


@beside_others
def test_reset_starts_over(launcher: Launcher, started_over: StartedOver) -> None:
    assert started_over.said.startswith("Primeira vez")
    assert password_in(started_over.said) == "escolhida"
    assert (launcher.data / "secret_key").read_text() != started_over.key_before


@beside_others
def test_everything_in_the_folder_is_known_to_reset_and_the_rest_stays(
    started_over: StartedOver,
) -> None:
    assert started_over.names_before <= {*MADE, "lock"}
    assert started_over.theirs.read_text() == "minhas"


@beside_others
@pytest.mark.parametrize("name", ["fotos/praia.jpg", "logs/meus.log", "metrics/a.db"])
def test_reset_refuses_a_folder_that_is_not_the_demos(tmp_path: Path, name: str) -> None:
    theirs = tmp_path / name
    theirs.parent.mkdir()
    theirs.write_text("minha")
    said = Launcher(tmp_path).refused(RESET="1")
    assert "não foi criada por `make demo`" in said
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [theirs]


@beside_others
def test_reset_does_not_pretend_to_empty_a_database_of_the_users(tmp_path: Path) -> None:
    said = Launcher(tmp_path).refused(RESET="1", DATABASE_URL="postgresql://localhost/mine")
    assert "DATABASE_URL aponta para um banco seu" in said


@beside_others
def test_a_process_that_refuses_to_start_is_shown_with_its_last_words(launcher: Launcher) -> None:
    said = launcher.refused(SANDBOX_DELIVERY_MS="soon")
    assert "O processo sandbox não inicia" in said
    assert "SANDBOX_DELIVERY_MS" in said
    assert launcher.all_gone(0)


@beside_others
def test_a_refused_setting_is_a_sentence(launcher: Launcher) -> None:
    said = launcher.refused(ZAPI_PACE_SECONDS="never")
    assert "ZAPI_PACE_SECONDS" in said
    assert launcher.all_gone(0)


@beside_others
@pytest.mark.parametrize("value", ["abc", "0", "70000"])
def test_what_is_no_port_is_named(launcher: Launcher, value: str) -> None:
    assert f"PORT={value} não é uma porta" in launcher.refused(PORT=value)


@beside_others
def test_a_folder_we_may_not_write_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "file" in Launcher(tmp_path / "file" / "data").refused()


@beside_others
def test_the_sandbox_port_is_checked_too(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        other = Launcher(tmp_path, sandbox_port=taken.getsockname()[1])
        assert "make demo SANDBOX_PORT=" in other.refused()
