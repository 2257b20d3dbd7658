"""The servers, the application and the people that tests share.

One Postgres for the whole run with a template database migrated once; each xdist worker has its own
copy of it and its own Redis. Nothing of our own is mocked.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from argon2 import PasswordHasher
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, expect, sync_playwright

from app import clock, create_app
from app.accounts import passwords
from app.accounts.models import User
from app.channels import service as channels
from app.channels.models import Channel
from app.company import memory
from app.embedded import EmbeddedPostgres, EmbeddedRedis
from app.extensions import db, redis_client
from tests.browser import PATIENCE_MS, launch_options
from tests.cast import Cast, hire
from tests.emptying import empty_tables
from tests.running import Running, run_jobs

# How fast examples are made and tried says nothing of the product, beside other tests least of all.
hypothesis_settings.register_profile(
    "guiche", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("guiche")

# With its cheapest parameters: what is tested is what the product does with a hash.
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

SECRET = "test-secret-key-of-more-than-32-characters"
KEY = Fernet.generate_key().decode()
SETTINGS = {
    "GUICHE_ENV": "test",
    "SECRET_KEY": SECRET,
    "COMPANY_NAME": "Guichê",
    "ZAPI_INSTANCE_ID": "INST-TEST",
    "ZAPI_INSTANCE_TOKEN": "TOK-TEST",
    "ZAPI_CLIENT_TOKEN": "CT-TEST",
    "ZAPI_BASE_URL": "http://127.0.0.1:9",
    "ZAPI_PACE_SECONDS": "0",
    "RETRY_WAITS_SECONDS": "0.05,0.05,0.05",
    "UNDO_SEND_SECONDS": "0",  # tests of holding ask for it
    "FICTITIOUS_DATA": "1",
    "DATABASE_POOL_SIZE": "5",
    "MEDIA_PRIVATE_NETWORKS": "127.0.0.0/8",
    "MEDIA_RETRY_WAITS_SECONDS": "0.05,0.05",
}


def pytest_configure(config: pytest.Config) -> None:
    """Before xdist's workers begin: they inherit the address of Postgres."""
    if config.getoption("numprocesses", None) and not config.option.collectonly:
        start_postgres(config)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Without xdist it is known by now whether any test needs Postgres."""
    config = session.config
    of_worker = hasattr(config, "workerinput")
    if of_worker or _SERVER in config.stash or config.option.collectonly:
        return
    if not all(item.get_closest_marker("quick") for item in session.items):
        start_postgres(config)


def start_postgres(config: pytest.Config) -> None:
    """Start it and migrate the template."""
    folder = Path(tempfile.mkdtemp(prefix="guiche-tests-"))
    folder.chmod(0o755)
    server = EmbeddedPostgres(folder / "pg", fsync=False, options={"max_connections": "300"})
    server.start()
    os.environ["GUICHE_TEST_POSTGRES"] = server.url
    os.environ["GUICHE_TEST_FOLDER"] = str(folder)
    os.environ["GUICHE_TEST_KEY"] = KEY
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE DATABASE template_of_tests")
    redis = EmbeddedRedis(folder / "redis", fsync=False).start()
    app = create_app(_settings(server.url_for("template_of_tests"), redis.url))
    with app.app_context():
        upgrade()
        db.engine.dispose()
    redis.stop()
    config.stash[_SERVER] = server
    config.add_cleanup(lambda: _stop(server, folder))


# What starts servers, a browser or whole processes; a test that asks for none of them is quick.
_SLOW_FIXTURES = {"app", "application", "database_url", "redis_server", "running", "chromium"}
_SLOW_FOLDERS = {"embedded", "demo", "deploy", "chaos", "live", "e2e", "sandbox", "bench"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that `make check` runs."""
    for item in items:
        folder = item.path.parent.name
        if folder not in _SLOW_FOLDERS and not _SLOW_FIXTURES.intersection(item.fixturenames):  # type: ignore[attr-defined]
            item.add_marker("quick")


_SERVER = pytest.StashKey[EmbeddedPostgres]()


def _stop(server: EmbeddedPostgres, folder: Path) -> None:
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


def _settings(database_url: str, redis_url: str) -> dict[str, str]:
    values = {**SETTINGS, "DATABASE_URL": database_url, "REDIS_URL": redis_url}
    values["MEDIA_FOLDER"] = str(Path(os.environ["GUICHE_TEST_FOLDER"]) / "media")
    values["ENCRYPTION_KEY"] = os.environ["GUICHE_TEST_KEY"]
    os.environ.update(values)
    return {name.lower(): value for name, value in values.items()}


@pytest.fixture(scope="session")
def redis_server(worker_name: str) -> Iterator[EmbeddedRedis]:
    """This worker's own Redis: pub/sub knows no database numbers."""
    folder = Path(os.environ["GUICHE_TEST_FOLDER"]) / f"redis-{worker_name}"
    with EmbeddedRedis(folder, fsync=False) as server:
        yield server


@pytest.fixture(scope="session")
def worker_name() -> str:
    """gw0, gw1, … or `main` without xdist."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(scope="session")
def database_url(worker_name: str) -> str:
    """This worker's own copy of the template."""
    server = os.environ["GUICHE_TEST_POSTGRES"]
    name = f"tests_{worker_name}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template_of_tests")
    return server.rpartition("/")[0] + f"/{name}"


@pytest.fixture(scope="session")
def application(database_url: str, redis_server: EmbeddedRedis) -> Flask:
    """The one application of this worker; use `app`, which cleans up."""
    return create_app(_settings(database_url, redis_server.url))


@pytest.fixture
def app(application: Flask) -> Iterator[Flask]:
    """The application on an empty database and an empty Redis, its clock right."""
    yield application
    clock.shift(timedelta())
    with application.app_context():
        db.session.rollback()
        empty_tables()
        redis_client().flushall()
        memory._kept = memory._last = None  # of a company that is gone


@pytest.fixture
def context(app: Flask) -> Iterator[None]:
    """An application context, for tests that call services directly."""
    with app.app_context():
        yield


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a session."""
    return app.test_client()


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The people of the tests, one for each role, and an outsider."""
    with app.app_context():
        return hire()


@pytest.fixture
def login_as(app: Flask) -> Callable[[int], FlaskClient]:
    """A client that is logged in as a person: `login_as(cast.ana)`."""

    def log_in(user_id: int) -> FlaskClient:
        client = app.test_client()
        with app.app_context():
            session_id = db.session.get_one(User, user_id).get_id()
        with client.session_transaction() as session:
            session["_user_id"] = session_id
            session["_fresh"] = True
        return client

    return log_in


@pytest.fixture
def channel(app: Flask) -> int:
    """The id of the environment's Z-API channel, INST-TEST, connected."""
    with app.app_context():
        channels.ensure_environment_channel()
        found = db.session.query(Channel).one()
        found.state = "connected"
        db.session.commit()
        return found.id


@pytest.fixture
def work(app: Flask) -> Callable[..., int]:
    """Run every job that waits, in this process: `work()` or `work("outbound")`."""
    return lambda *queues: run_jobs(app, *queues)


@pytest.fixture(scope="session")
def running(application: Flask) -> Iterator[Running]:
    """Starts real web processes, workers and the sandbox on this worker's database."""
    with Running(application) as processes:
        yield processes


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole worker; each page has a context of its own."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        options: dict[str, Any] = launch_options()
        browser = playwright.chromium.launch(**options)
        yield browser
        browser.close()
