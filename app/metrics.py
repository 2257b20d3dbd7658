"""What `/metrics` shows. Counters are shared by the processes of one machine through a folder."""

from collections.abc import Iterator

from prometheus_client import Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import text

from app import clock
from app.extensions import db

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
    "outbox": "SELECT min(created_at) FROM outbox WHERE state IN ('queued', 'sending')",
    "answers": "SELECT min(asked_at) FROM bot_states WHERE owed_ids <> '{}'",
}
