"""Looking at operating-system processes from tests."""

import time
from collections.abc import Callable
from pathlib import Path

import requests


def is_running(pid: int) -> bool:
    """Whether the process exists and is more than a zombie nobody has collected yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def eventually(condition: Callable[[], object], seconds: float = 10) -> bool:
    """Whether the condition comes true within the time.

    Asks ever less often: what answers has the same few cores as what is waited for.
    """
    deadline, pause = time.monotonic() + seconds, 0.01
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
        pause = min(pause * 1.4, 0.15)
    return True


def answers(url: str) -> bool:
    """Whether a web server answers there, with a 2xx."""
    try:
        return requests.get(url, timeout=1).ok
    except requests.RequestException:
        return False
