"""A provider on loopback that answers, or fails, exactly as a test says."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


def answer(status: int, body: bytes, headers: str = "") -> bytes:
    """A whole HTTP answer."""
    head = (
        f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{headers}\r\n"
    )
    return head.encode() + body


def _request(connection: socket.socket) -> bytes:
    raw = connection.recv(65_536)
    length = re.search(rb"(?i)content-length: (\d+)", raw)
    while length and len(raw.partition(b"\r\n\r\n")[2]) < int(length[1]):
        raw += connection.recv(65_536)
    return raw


class Provider:
    """Takes connections one by one; sends `reply` after reading a request, or just hangs up."""

    def __init__(self) -> None:
        self.reply = answer(200, b"{}")
        self.wait = threading.Event()
        self.silent = False
        self.requests: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                self.requests.append(_request(connection))
                if self.silent:
                    self.wait.wait(5)
                connection.sendall(self.reply)

    def close(self) -> None:
        """Stop listening: from now on connections are refused."""
        self.wait.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@contextmanager
def running_provider() -> Iterator[Provider]:
    """A provider for the block."""
    provider = Provider()
    try:
        yield provider
    finally:
        if provider._listener.fileno() >= 0:
            provider.close()
