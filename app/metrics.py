"""What `/metrics` shows. Counters are shared by the processes of one machine through a folder."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

from prometheus_client import Counter, Histogram, values
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import text

from app import clock
from app.extensions import db

HOST = socket.gethostname()


def folder() -> Path | None:
    """Where the processes of this machine leave their counts for `/metrics`, if they do."""
    name = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    return Path(name) if name else None


def process_name(pid: int | None = None) -> str:
    """What tells this process's file from others': containers that share a folder share pids."""
    return f"{HOST}-{pid or os.getpid()}"


def drop_stale_files() -> None:
    """Make the folder; drop what processes of this host left that are gone.

    Of other hosts nobody can tell from here, and those that run go on writing to their files.
    """
    found = folder()
    if found is None:
        return
    found.mkdir(parents=True, exist_ok=True)
    for path in found.glob(f"*_{HOST}-*.db"):
        if not _is_running(path.stem.rpartition("-")[2]):
            path.unlink(missing_ok=True)


def _is_running(pid: str) -> bool:
    """Whether the process exists and is more than a zombie, which counts nothing any more."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


if folder():  # before the first counter is made
    values.ValueClass = values.MultiProcessValue(process_name)  # type: ignore[no-untyped-call]

REQUESTS = Counter("guiche_requests_total", "HTTP requests", ["method", "endpoint", "status"])
REQUEST_SECONDS = Histogram(
    "guiche_request_seconds",
    "Time to answer an HTTP request",
    ["endpoint"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5),
)
PUSHES = Counter("guiche_pushes_total", "Live updates sent to browsers", ["kind"])
OUTSIDE_CALLS = Counter(
    "guiche_outside_calls_total", "Calls to outside systems", ["vendor", "outcome"]
)
OUTSIDE_SECONDS = Histogram(
    "guiche_outside_call_seconds", "Time of calls to outside systems", ["vendor"]
)
JOBS = Counter("guiche_jobs_total", "Jobs run by the workers", ["function", "outcome"])
WEBHOOKS = Counter("guiche_webhooks_total", "Webhooks received", ["route", "outcome"])


class QueueAges:
    """Seconds that the oldest row of each kind of pending work has waited, read when asked."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One gauge with a label for the kind of work; 0 when nothing waits."""
        gauge = GaugeMetricFamily(
            "guiche_pending_age_seconds", "Age of the oldest pending row", labels=["work"]
        )
        for work, query in PENDING.items():
            oldest = db.session.scalar(text(query))
            age = (clock.now() - oldest).total_seconds() if oldest else 0.0
            gauge.add_metric([work], max(0.0, age))
        yield gauge


PENDING = {
    "receipts": (
        "SELECT min(received_at) FROM receipts"
        " WHERE state IN ('received', 'failed') AND next_try_at IS NOT NULL"
    ),
    # What is held to be taken back is not late before its time.
    "outbox": (
        "SELECT min(CASE attempts WHEN 0 THEN next_try_at ELSE created_at END) FROM outbox"
        " WHERE state IN ('queued', 'sending')"
    ),
    "answers": "SELECT min(asked_at) FROM bot_states WHERE owed_ids <> '{}'",
}
