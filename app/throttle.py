"""Announcements that may come hundreds of times a second and say each time the same."""

import threading
import time
from collections.abc import Callable

from flask import Flask, current_app


class Throttle:
    """The first one at once; what follows within the interval once, at its end. Per process."""

    def __init__(self, announce: Callable[[], None], interval_seconds: float = 0.5) -> None:
        self._announce, self._interval = announce, interval_seconds
        self._lock = threading.Lock()
        self._last = 0.0
        self._waiting = False

    def __call__(self) -> None:
        """Something changed."""
        with self._lock:
            wait = self._last + self._interval - time.monotonic()
            if wait > 0 and self._waiting:
                return
            self._waiting = wait > 0
            if wait <= 0:
                self._last = time.monotonic()
        if wait <= 0:
            self._announce()
            return
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # a proxy
        timer = threading.Timer(wait, self._later, [app])
        timer.daemon = True
        timer.start()

    def _later(self, app: Flask) -> None:
        with self._lock:
            self._waiting = False
            self._last = time.monotonic()
        with app.app_context():
            self._announce()
