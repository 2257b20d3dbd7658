"""What the measurements are at, on the error output: the tables alone go to the other one."""

import sys
import time

_began = time.monotonic()


def say(text: str) -> None:
    """A line with the seconds since the start."""
    print(f"[{time.monotonic() - _began:4.0f} s] {text}", file=sys.stderr, flush=True)
