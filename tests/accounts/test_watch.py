"""Without Redis nobody hears a kick: the watch compares the sockets with the database."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import service
from app.accounts.models import User
from app.embedded import EmbeddedRedis, free_port
from app.extensions import db
from tests.accounts.browsing import Screen
from tests.cast import Cast
from tests.running import Running

LogIn = Callable[[int], FlaskClient]


@pytest.fixture
def redis_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedRedis]:
    """A Redis that the test may stop."""
    folder = tmp_path_factory.mktemp("redis")
    with EmbeddedRedis(folder, fsync=False) as server:
        yield server


def test_a_deactivated_person_is_cut_while_redis_is_down(
    running: Running, app: Flask, cast: Cast, login_as: LogIn, redis_of_its_own: EmbeddedRedis
) -> None:
    port = free_port()
    process = running.launch(
        ["-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"],
        PORT=str(port), REDIS_URL=redis_of_its_own.url, AWAY_AFTER_SECONDS="2",
    )  # fmt: skip
    web = running._answering(f"http://127.0.0.1:{port}", "/healthz")
    with (
        Screen(web, login_as(cast.ana)) as hers,
        Screen(web, login_as(cast.bruno)) as anothers,
        app.app_context(),
    ):
        redis_of_its_own.stop()
        service.deactivate(db.session.get_one(User, cast.adriana), cast.ana)
        assert hers.cut.wait(5)
        assert not anothers.cut.is_set()
    process.stop()
