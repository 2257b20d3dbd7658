"""The two things the load does on the wire, by hand: a library would cost more than the server."""

import base64
import os
import socket
import struct
from collections.abc import Iterator

Address = tuple[str, int]
TEXT, PING, PONG = 0x81, b"2", b"3"  # a final text frame; Engine.IO's own ping and pong


class Caller:
    """One kept connection that posts JSON, or asks what needs no body."""

    def __init__(
        self, address: Address, path: str, method: str = "POST", headers: str = ""
    ) -> None:
        self._socket = socket.create_connection(address, timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._head = (
            f"{method} {path} HTTP/1.1\r\nHost: {address[0]}:{address[1]}\r\n"
            f"{headers}Content-Type: application/json\r\nContent-Length: "
        ).encode()

    def post(self, body: bytes) -> int:
        """Send and wait for the whole answer; its status."""
        self._socket.sendall(self._head + b"%d\r\n\r\n" % len(body) + body)
        answer = self._socket.recv(65_536)
        while b"\r\n\r\n" not in answer:
            answer += self._more()
        head, _, rest = answer.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        while len(rest) < length:
            rest += self._more()
        return int(head.split(b" ", 2)[1])

    def _more(self) -> bytes:
        if part := self._socket.recv(65_536):
            return part
        raise ConnectionError("the server hung up")


class Dashboard:
    """The socket of one open page: it says what the page says, then only listens."""

    def __init__(self, address: Address, cookie: str, words: list[str]) -> None:
        self.seen: set[str] = set()
        self._rest = b""
        self._socket = socket.create_connection(address, timeout=30)
        self._upgrade(address, cookie)
        self._say("40")
        while not any(frame.startswith(b"40") for frame in self.frames()):
            pass
        for text in words:
            self._say(text)
        self._socket.setblocking(False)

    def fileno(self) -> int:
        """What a selector waits for."""
        return self._socket.fileno()

    def frames(self) -> Iterator[bytes]:
        """What has come; pings are answered."""
        try:
            part = self._socket.recv(1_048_576)
        except BlockingIOError:
            return
        if not part:
            raise ConnectionError("the server cut a dashboard")
        self._rest += part
        while (end := _frame_end(self._rest)) is not None:
            start, stop = end
            frame, self._rest = self._rest[start:stop], self._rest[stop:]
            if frame == PING:
                self._say(PONG.decode())
            yield frame

    def close(self) -> None:
        """Leave, as a closed tab does."""
        self._socket.close()

    def _upgrade(self, address: Address, cookie: str) -> None:
        host = f"{address[0]}:{address[1]}"
        lines = (
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
            *(f"Host: {host}", f"Origin: http://{host}", f"Cookie: {cookie}"),
            *("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"),
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
        )
        self._socket.sendall("\r\n".join((*lines, "", "")).encode())
        while b"\r\n\r\n" not in self._rest:
            if not (part := self._socket.recv(4096)):
                raise ConnectionError("the server refused a dashboard")
            self._rest += part
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        if b" 101 " not in head:
            raise ConnectionError(head.decode(errors="replace"))

    def _say(self, text: str) -> None:
        """One masked text frame; a mask of zeros leaves the text as it is."""
        body = text.encode()
        if len(body) < 126:
            head = struct.pack("!BB", TEXT, 0x80 | len(body))
        else:
            head = struct.pack("!BBH", TEXT, 0x80 | 126, len(body))
        self._socket.send(head + bytes(4) + body)


def _frame_end(data: bytes) -> tuple[int, int] | None:
    """Where the payload of the first frame begins and ends; None while it is not whole."""
    if len(data) < 2:
        return None
    length, start = data[1] & 0x7F, 2
    if length == 126:
        start = 4
        length = int.from_bytes(data[2:4], "big")
    elif length == 127:
        start = 10
        length = int.from_bytes(data[2:10], "big")
    stop = start + length
    return (start, stop) if len(data) >= max(start, stop) else None
