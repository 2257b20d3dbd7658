"""The very commands that the Dockerfile and compose.yaml name, run without containers."""

import json
import os
import re
import secrets
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import redis
import yaml
from cryptography.fernet import Fernet

from app.embedded import EmbeddedPostgres, EmbeddedRedis, free_port
from tests.processes import eventually

pytestmark = pytest.mark.serial

PROJECT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((PROJECT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, list[str]]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
WORKERS = [name for name in OURS if name.startswith("worker")]
Environment = dict[str, str]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Environment]:
    """A production environment over servers of its own, migrated by the release step."""
    folder = tmp_path_factory.mktemp("production")
    with (
        EmbeddedPostgres(folder / "postgres", fsync=False) as postgres,
        EmbeddedRedis(folder / "redis", fsync=False) as cache,
    ):
        found = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "GUICHE_ENV": "production",
            "DATABASE_URL": postgres.url,
            "REDIS_URL": cache.url,
            "SECRET_KEY": secrets.token_urlsafe(32),
            "ENCRYPTION_KEY": Fernet.generate_key().decode(),
            "PUBLIC_URL": "https://guiche.example.com",
            "PORT": str(free_port()),
        }
        done = run(SERVICES["prepare"]["command"], found)
        assert done.returncode == 0, done.stdout
        yield found


def run(command: list[str], environment: Environment) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=PROJECT, env=environment, text=True, timeout=60, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


@contextmanager
def running(command: list[str], environment: Environment) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        command, cwd=PROJECT, env=environment, text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def started(process: "subprocess.Popen[str]", condition: Callable[[], object]) -> bool:
    """Whether the condition comes true while the process lives."""
    return eventually(lambda: condition() or process.poll() is not None, 30) and bool(condition())


def ends_cleanly(process: "subprocess.Popen[str]") -> str:
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=10)
    assert process.returncode == 0, output
    return output


def waits_for_jobs(cache: "redis.Redis[bytes]") -> bool:
    """Whether a worker has got past its start: registered comes before able to stop."""
    return any(cache.hget(key, "state") == b"idle" for key in cache.smembers("rq:workers"))


def status(environment: Environment, path: str) -> int:
    address = f"http://127.0.0.1:{environment['PORT']}{path}"
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def test_the_release_step_can_run_again(environment: Environment) -> None:
    assert run(SERVICES["prepare"]["command"], environment).returncode == 0


@pytest.mark.parametrize("processes", ["1", "2"])
def test_the_web_command_answers_ready_on_every_address_and_stops(
    environment: Environment, processes: str
) -> None:
    several = {**environment, "WEB_CONCURRENCY": processes}
    with running(SERVICES["web"]["command"], several) as web:
        assert started(web, lambda: status(several, "/readyz") == 200)
        listening = Path("/proc/net/tcp").read_text()
        assert f"00000000:{int(several['PORT']):04X}" in listening
        assert status(several, "/metrics") in (401, 403, 404)
        ends_cleanly(web)


def test_the_image_starts_the_same_web_as_compose() -> None:
    found = re.findall(r"^CMD (.*)$", (PROJECT / "Dockerfile").read_text(), re.M)
    assert [json.loads(command) for command in found] == [SERVICES["web"]["command"]]


def test_the_image_runs_without_root_and_holds_every_folder_the_product_reads() -> None:
    lines = (PROJECT / "Dockerfile").read_text().splitlines()
    assert next(line for line in lines if line.startswith(("USER", "CMD"))) == "USER guiche"
    allowed = (PROJECT / ".dockerignore").read_text().splitlines()
    for name in ("app", "jobs", "migrations", "static", "templates", "wsgi.py"):
        assert f"!{name}" in allowed


@pytest.mark.parametrize("name", WORKERS)
def test_a_worker_command_registers_and_stops_cleanly(environment: Environment, name: str) -> None:
    cache = redis.Redis.from_url(environment["REDIS_URL"])
    cache.delete("rq:workers")
    with running(SERVICES[name]["command"], environment) as worker:
        assert started(worker, lambda: waits_for_jobs(cache))
        ends_cleanly(worker)


def test_the_workers_together_serve_every_queue() -> None:
    served = [queue for name in WORKERS for queue in SERVICES[name]["command"][4:]]
    assert sorted(served) == ["assistant", "bulk", "live", "outbound", "sync"]


def test_the_cron_command_enqueues_and_stops_cleanly(environment: Environment) -> None:
    cache = redis.Redis.from_url(environment["REDIS_URL"])
    cache.flushdb()
    with running(SERVICES["cron"]["command"], environment) as cron:
        assert started(cron, lambda: cache.scard("rq:queues"))
        ends_cleanly(cron)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("ENCRYPTION_KEY", ""),
        ("FLASK_DEBUG", "1"),
        ("ZAPI_BASE_URL", "http://127.0.0.1:5050"),
        ("PUBLIC_URL", "http://guiche.example.com"),
        ("DATABASE_URL", ""),
    ],
)
def test_production_refuses_to_start_and_names_the_setting(
    environment: Environment, name: str, value: str
) -> None:
    done = run(SERVICES["prepare"]["command"], {**environment, name: value})
    assert done.returncode == 1
    assert name in done.stdout
    assert "Traceback" not in done.stdout


def test_a_refused_web_process_ends_instead_of_trying_forever(environment: Environment) -> None:
    done = run(SERVICES["web"]["command"], {**environment, "SECRET_KEY": ""})
    assert done.returncode != 0
    assert "SECRET_KEY" in done.stdout
