"""A real Chromium on a real web process, with a worker and the sandbox behind it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import PATIENCE_MS
from tests.cast import Cast
from tests.running import Process, Running

Visit = Callable[..., Page]


_working: list[Process] = []


@pytest.fixture
def worker(running: Running) -> None:
    """A worker for all queues, the same one until a test comes that asks for none."""
    if not _working:
        _working.append(running.workers(SWEEP_AFTER_SECONDS="1"))


def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Who asks for no worker runs the jobs itself, or none: the bot would answer in between."""
    if "worker" not in getattr(nextitem, "fixturenames", ()):
        while _working:
            _working.pop().stop()


@pytest.fixture
def sandbox(app: Flask, running: Running, worker: None) -> Iterator[str]:
    """The outside world, emptied before and after, with quick ticks."""
    url = running.sandbox()
    requests.post(f"{url}/reset", timeout=5).raise_for_status()
    ticks = {"delivery_ms": 20, "echo_ms": 30, "sent_ms": 50, "received_ms": 100, "read_ms": 250}
    settings = {**ticks, "notify_sent_by_me": True}
    requests.post(f"{url}/settings", json=settings, timeout=5).raise_for_status()
    yield url
    requests.post(f"{url}/reset", timeout=5)


@pytest.fixture
def visit(
    app: Flask,
    running: Running,
    chromium: Browser,
    cast: Cast,
    login_as: Callable[[int], FlaskClient],
) -> Iterator[Visit]:
    """Open a page as somebody: `visit(cast.ana, "/conversas", width=390)`.

    A script error or a refused resource on any page opened fails the test.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(
        user_id: int | None, path: str, width: int = 1440, height: int = 900, **options: Any
    ) -> Page:
        viewport = {"width": width, "height": height}
        context = chromium.new_context(viewport=viewport, locale="pt-BR", **options)
        contexts.append(context)
        base = running.web()
        if user_id is not None:
            cookie = login_as(user_id).get_cookie("guiche")
            assert cookie
            context.add_cookies([{"name": "guiche", "value": cookie.value, "url": base}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: said.type == "error" and faults.append(said.text))
        page.goto(base + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    expected = ("404", "410", "503", "ERR_INTERNET_DISCONNECTED", "409", "422")
    assert [fault for fault in faults if not any(word in fault for word in expected)] == []
