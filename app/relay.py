"""The way of live updates between processes, through Redis.

python-socketio makes a round trip for each update, and reads again each that it sent itself. Here
all updates that gathered while one was on its way go together: none waits for others, and a burst
costs hardly more than one.
"""

import json
from collections import deque
from collections.abc import Iterator
from typing import Any

from socketio import RedisManager

# More than that means that Redis hangs; the pages repair themselves when it is back.
MOST_WAITING = 10_000


class Relay(RedisManager):  # type: ignore[misc]  # python-socketio ships no types
    """A RedisManager whose messages are lists: the sender's id, then what it says."""

    def __init__(self, url: str, channel: str) -> None:
        super().__init__(url, channel=channel)
        self._waiting: deque[dict[str, Any]] = deque(maxlen=MOST_WAITING)
        self._is_sending = False

    def _publish(self, data: dict[str, Any]) -> None:
        self._waiting.append(data)
        if self.server.async_mode != "gevent":
            self._send()  # a worker: its job must not end before its updates left
        elif not self._is_sending:
            self._is_sending = True
            self.server.start_background_task(self._send)

    def _send(self) -> None:
        try:
            while self._waiting:
                messages = list(self._waiting)
                self._waiting.clear()
                super()._publish([self.host_id, *messages])
        finally:
            self._is_sending = False

    def _listen(self) -> Iterator[dict[str, Any]]:
        ours = json.dumps([self.host_id])[:-1].encode()
        for raw in super()._listen():
            if not raw.startswith(ours):
                yield from json.loads(raw)[1:]
