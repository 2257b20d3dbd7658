"""What tests of the desk share: a conversation of Ana's, her pages, and the outside world."""

from collections.abc import Iterator

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient

from app.conversations import service
from tests.browser_client import as_page
from tests.cast import Cast
from tests.running import Running
from tests.telling import Login, conversation, person, received, tell


@pytest.fixture
def talk(app: Flask, client: FlaskClient, channel: int, cast: Cast) -> int:
    """A conversation of Ana's; its id."""
    tell(client, received("Oi"))
    with app.app_context():
        found = conversation()
        service.take_over(found.id, person(cast.ana), found.owner_version)
        return found.id


@pytest.fixture
def ana(cast: Cast, login_as: Login) -> FlaskClient:
    """Her pages."""
    return as_page(login_as(cast.ana))


@pytest.fixture
def sandbox(app: Flask, running: Running) -> Iterator[str]:
    """A fresh outside world that the application in this process sends to; it calls nobody back."""
    url = running.sandbox()
    requests.post(f"{url}/reset", timeout=5)
    silent = dict.fromkeys(("delivery_ms", "sent_ms", "received_ms", "read_ms", "echo_ms"))
    requests.post(f"{url}/settings", json={**silent, "notify_sent_by_me": False}, timeout=5)
    settings = app.config["SETTINGS"]
    before, settings.zapi_base_url = settings.zapi_base_url, url
    yield url
    settings.zapi_base_url = before
