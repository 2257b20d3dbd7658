"""The very commands that the Dockerfile and compose.yaml name, run without containers."""

import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import redis
import yaml
from cryptography.fernet import Fernet
from rq import Queue

from app.embedded import EmbeddedPostgres, EmbeddedRedis, free_port
from app.settings import SettingsError, load_settings
from tests.processes import eventually

pytestmark = pytest.mark.xdist_group("deploy")  # they share one environment

PROJECT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((PROJECT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
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
            "MEDIA_FOLDER": str(folder / "media"),
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


def number(text: str, sample: str) -> float:
    """The value of one sample of a page of metrics; 0 while there is none."""
    found = re.search(rf"^{re.escape(sample)} (.*)$", text, re.M)
    return float(found[1]) if found else 0.0


def test_what_a_worker_counts_is_in_the_webs_metrics(
    environment: Environment, tmp_path: Path
) -> None:
    shared = {
        **environment,
        "WEB_CONCURRENCY": "2",
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "metrics"),
    }
    command = ["flask", "--app", "wsgi", "token", "create", "--name", "p", "--scope"]
    secret = run([*command, "metrics:read"], environment).stdout.split()[-1]
    request = urllib.request.Request(
        f"http://127.0.0.1:{shared['PORT']}/metrics", headers={"Authorization": f"Bearer {secret}"}
    )

    def metrics() -> str:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return str(answer.read().decode())

    function = "jobs.bulk.forget_old_attempts"
    sample = f'guiche_jobs_total{{function="{function}",outcome="ok"}}'
    with running(SERVICES["web"]["command"], shared) as web:
        assert started(web, lambda: status(shared, "/readyz") == 200)
        queue = Queue("bulk", connection=redis.Redis.from_url(shared["REDIS_URL"]))
        with running(SERVICES["worker-bulk"]["command"], shared) as worker:
            queue.enqueue(function)
            assert started(worker, lambda: number(metrics(), sample) == 1)
    kept = sorted((tmp_path / "metrics").glob("counter_*.db"))
    assert kept
    assert all(path.name.startswith(f"counter_{socket.gethostname()}-") for path in kept)
    of_another = kept[0].with_name("counter_otherhost-1.db")
    of_another.write_bytes(kept[0].read_bytes())
    with running(SERVICES["web"]["command"], shared) as web:
        assert started(web, lambda: status(shared, "/readyz") == 200)
        assert not any(path.exists() for path in kept), "their processes are gone"
        assert of_another.exists()


def shared_volume(folder: str) -> str:
    """The volume that holds the folder of this setting in web and in every worker."""
    places = {OURS[name]["environment"][folder] for name in ("web", *WORKERS)}
    mounts = {tuple(OURS[name]["volumes"]) for name in ("web", *WORKERS)}
    [place], [pairs] = places, mounts
    [volume] = [pair.partition(":")[0] for pair in pairs if pair.partition(":")[2] == place]
    return str(volume)


def test_web_and_workers_share_the_folder_of_files() -> None:
    assert shared_volume("MEDIA_FOLDER") in COMPOSE["volumes"]
    assert OURS["web"]["environment"]["MEDIA_FOLDER"] in (PROJECT / "Dockerfile").read_text()


def test_web_and_workers_share_the_folder_of_their_counts() -> None:
    volume = shared_volume("PROMETHEUS_MULTIPROC_DIR")
    options = COMPOSE["volumes"][volume]["driver_opts"]
    assert options["type"] == "tmpfs"
    user = re.search(r"--uid (\d+)", (PROJECT / "Dockerfile").read_text())
    assert user
    assert f"uid={user[1]}" in options["o"]


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
        ("MEDIA_FOLDER", ""),
    ],
)
def test_production_refuses_to_start_and_names_the_setting(
    environment: Environment, name: str, value: str
) -> None:
    done = run(SERVICES["prepare"]["command"], {**environment, name: value})
    assert done.returncode == 1
    assert name in done.stdout
    assert "Traceback" not in done.stdout


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.53:80",
        "http://127.1",
        "http://[::1]:8080",
        "http://[::ffff:127.0.0.1]",
        "http://LOCALHOST./",
        "http://0.0.0.0:9000",
        "http://sandbox:8000",
        "http://sandbox.internal",
        "https://api.example.com:5050",
    ],
)
@pytest.mark.parametrize("name", ["ZAPI_BASE_URL", "SUPABASE_URL", "SIENGE_URL"])
def test_production_knows_the_sandbox_by_any_address(
    environment: Environment, name: str, address: str
) -> None:
    given = {key.lower(): value for key, value in environment.items()}
    with pytest.raises(SettingsError, match=name):
        load_settings({**given, name.lower(): address})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REDIS_URL", "foo"),
        ("ENCRYPTION_KEY", "curta"),
        ("RETRY_WAITS_SECONDS", "1,dois"),
        ("SCREEN_LANGUAGES", "xx_YY"),
        ("RECEIPT_RETENTION_DAYS", "muitos"),
    ],
)
def test_a_misspelt_value_stops_the_start_with_its_name(
    environment: Environment, name: str, value: str
) -> None:
    given = {key.lower(): value for key, value in environment.items()}
    with pytest.raises(SettingsError, match=name):
        load_settings({**given, name.lower(): value})


def test_production_takes_a_vendors_own_address(environment: Environment) -> None:
    given = {key.lower(): value for key, value in environment.items()}
    given |= {"zapi_base_url": "https://zapi.example.com:8443"}
    assert load_settings(given).is_production


def test_sample_data_is_refused_in_production(environment: Environment) -> None:
    done = run(["flask", "--app", "wsgi", "seed"], environment)
    assert done.returncode == 1
    assert "não entram em produção" in done.stdout
    assert "Traceback" not in done.stdout


def test_a_refused_web_process_ends_instead_of_trying_forever(environment: Environment) -> None:
    done = run(SERVICES["web"]["command"], {**environment, "SECRET_KEY": ""})
    assert done.returncode != 0
    assert "SECRET_KEY" in done.stdout
