"""The outside world of tests that send."""

from collections.abc import Iterator

import pytest
import requests
from flask import Flask

from tests.running import Running


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
