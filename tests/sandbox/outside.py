"""A sandbox in a process of its own, and a tiny web server that stands for the product."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar

import requests

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
FAST = {"delivery_ms": 0, "echo_ms": 0, "sent_ms": 0, "received_ms": 0, "read_ms": 0}
PHONE = "5500900010001"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(check: Callable[[], T], seconds: float = 5) -> T:
    """Ask until the answer is true; the last answer otherwise fails the test."""
    give_up_at = time.monotonic() + seconds
    while not (answer := check()) and time.monotonic() < give_up_at:
        time.sleep(0.01)
    assert answer
    return answer


class Product:
    """Receives webhooks; answers with `statuses` first, then 200."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.received: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.statuses: list[int] = []
        self.pause = 0.0
        self._server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/webhook/whatsapp"

    def start(self) -> None:
        product = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                time.sleep(product.pause)
                product.received.append(body)
                product.headers.append(dict(self.headers))
                self.send_response(product.statuses.pop(0) if product.statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def of_type(self, kind: str) -> list[dict[str, Any]]:
        return [body for body in self.received if body["type"] == kind]

    def wait_for(self, kind: str, count: int = 1) -> list[dict[str, Any]]:
        until(lambda: len(self.of_type(kind)) >= count)
        return self.of_type(kind)


class Sandbox:
    """A client of the running sandbox."""

    def __init__(self, port: int, data: Path | None, product: Product) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._environ = {
            **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            "SANDBOX_PORT": str(port),
            "SANDBOX_WEBHOOK_URL": product.url,
            "SANDBOX_DATA": str(data) if data else "",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sandbox"],
            cwd=ROOT,
            env=self._environ,
            stdout=subprocess.DEVNULL,
        )
        until(self._answers, 10)

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/healthz", timeout=2).ok
        except requests.ConnectionError:
            return False

    def stop(self, number: int = signal.SIGTERM) -> int:
        if self._process is None:
            return 0
        self._process.send_signal(number)
        code, self._process = self._process.wait(5), None
        return code

    def get(self, path: str) -> Any:
        return requests.get(self.url + path, timeout=5).json()

    def post(self, path: str, body: Any = None) -> requests.Response:
        return requests.post(self.url + path, json=body or {}, timeout=5)

    def call(
        self,
        method: str,
        call: str,
        body: Any = None,
        *,
        instance: str = "INST-DEMO",
        token: str = "TOK-DEMO",
        client_token: str | None = "CT-DEMO",
        timeout: float = 5,
    ) -> requests.Response:
        """A call as the product makes it."""
        return requests.request(
            method,
            f"{self.url}/instances/{instance}/token/{token}/{call}",
            json=body,
            headers={"Client-Token": client_token} if client_token else {},
            timeout=timeout,
        )

    def send_text(self, text: str, phone: str = PHONE, **fields: Any) -> dict[str, Any]:
        answer = self.call("POST", "send-text", {"phone": phone, "message": text, **fields})
        assert answer.status_code == 200, answer.text
        sent: dict[str, Any] = answer.json()
        return sent

    def say(self, text: str, phone: str = PHONE, **fields: Any) -> dict[str, Any]:
        """Type as a customer."""
        answer = self.post(f"/phone/{phone}/messages", {"text": text, **fields})
        assert answer.status_code == 201, answer.text
        said: dict[str, Any] = answer.json()
        return said

    def messages(self, phone: str = PHONE) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get(f"/phone/{phone}/messages")
        return found

    def status_of(self, message_id: str, phone: str = PHONE) -> str:
        return next(m["status"] for m in self.messages(phone) if m["id"] == message_id)

    def settle(self) -> None:
        """Wait until no webhook is under way."""
        until(lambda: self.get("/healthz")["pending"] == 0)
