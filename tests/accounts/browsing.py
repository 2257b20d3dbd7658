"""What a browser does beyond the test client's verbs: CSRF tokens and live screens."""

import re
import threading
import time
from types import TracebackType
from typing import Any

import socketio
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.counting import counted_queries

HEADERS = re.compile(r"X-CSRFToken&#34;: &#34;([^&]+)|\"X-CSRFToken\": \"([^\"]+)\"")


def csrf_of(client: FlaskClient) -> str:
    """The token of the pages this browser sees; any page carries it."""
    found = HEADERS.search(client.get("/no-such-page").text)
    assert found
    return found.group(1) or found.group(2)


def send(client: FlaskClient, path: str, **fields: Any) -> TestResponse:
    """Send a form as the page at hand would."""
    return client.post(path, data={"csrf_token": csrf_of(client), **fields})


def sign_in(client: FlaskClient, email: str, password: str, **fields: str) -> TestResponse:
    """Try to log in."""
    return send(client, "/entrar", email=email, password=password, **fields)


def queries_of(app: Flask, browser: FlaskClient, path: str) -> int:
    """How many queries a page takes, those of the frame's channel banner aside.

    It is opened once before: what the process remembers of its rows is asked only then.
    """
    browser.get(path)
    with app.app_context(), counted_queries() as counted:
        assert browser.get(path).status_code == 200
    return sum("FROM channels" not in statement for statement in counted.statements)


class Screen:
    """An open page's socket: what it was sent, and whether it is still connected."""

    def __init__(
        self, address: str, browser: FlaskClient | None, origin: str | None = None
    ) -> None:
        self.address, self.headers = address, {"Origin": origin or address}
        if browser is not None and (cookie := browser.get_cookie("guiche")):
            self.headers["Cookie"] = f"guiche={cookie.value}"
        self.fragments: list[str] = []
        self.cut = threading.Event()
        own_origin = {"suppress_origin": True}  # ours is in the headers
        self.socket = socketio.Client(reconnection=False, websocket_extra_options=own_origin)
        self.socket.on("live", lambda message: self.fragments.append(message["html"]))
        self.socket.on("disconnect", lambda *_: self.cut.set())

    def __enter__(self) -> "Screen":
        self.socket.connect(self.address, headers=self.headers, transports=["websocket"])
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.socket.disconnect()

    def sync(self, visible: bool = True, **regions: str) -> list[str]:
        """Say what is shown (`staff_all="7:1"` for region staff:all); what of it is stale."""
        shown = {name.replace("_", ":", 1): version for name, version in regions.items()}
        answer = self.socket.call("sync", {"regions": shown, "visible": visible}, timeout=5)
        return list(answer["stale"])

    def saw(self, text: str, seconds: float = 3) -> bool:
        """Whether a fragment with this text arrives in time."""
        deadline = time.monotonic() + seconds
        while not any(text in fragment for fragment in self.fragments):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True
