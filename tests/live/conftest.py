"""Two web processes on one database and Redis, the vendor in the sandbox, and people at screens."""

from collections.abc import Callable, Iterator

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from tests.cast import Cast
from tests.live.pages import LivePage
from tests.live.scene import Scene
from tests.running import Running

Opens = Callable[..., LivePage]


@pytest.fixture
def vendor(app: Flask, running: Running) -> Iterator[str]:
    """A sandbox that this process sends to and that reports nothing by itself."""
    url = running.sandbox()
    requests.post(f"{url}/reset", timeout=5)
    silent = dict.fromkeys(("delivery_ms", "sent_ms", "received_ms", "read_ms", "echo_ms"))
    requests.post(f"{url}/settings", json={**silent, "notify_sent_by_me": False}, timeout=5)
    settings = app.config["SETTINGS"]
    before, settings.zapi_base_url = settings.zapi_base_url, url
    yield url
    settings.zapi_base_url = before


@pytest.fixture
def cookies(cast: Cast, login_as: Callable[[int], FlaskClient]) -> dict[str, str]:
    """Everybody's session, by first name."""
    found = {}
    for name in ("ana", "bruno", "gisele", "fabio", "adriana"):
        cookie = login_as(getattr(cast, name)).get_cookie("guiche")
        assert cookie
        found[name] = cookie.value
    return found


@pytest.fixture
def scene(
    app: Flask,
    running: Running,
    vendor: str,
    channel: int,
    cast: Cast,
    cookies: dict[str, str],
    work: Callable[..., int],
) -> Scene:
    """A conversation that is Bruno's."""
    return Scene(app, running.web(), vendor, cast, cookies, work)


@pytest.fixture
def opens(running: Running, chromium: Browser, cookies: dict[str, str]) -> Iterator[Opens]:
    """Open a page of somebody: `opens("bruno", "/conversas/1")`."""
    pages: list[LivePage] = []

    def open_page(name: str, path: str, web: str = "web") -> LivePage:
        address = web if "://" in web else running.web(web)
        pages.append(LivePage(chromium, address, cookies[name], path))
        return pages[-1]

    yield open_page
    for page in pages:
        page.close()
