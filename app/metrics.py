"""What `/metrics` shows. Counters are shared by the processes of one machine through a folder."""

from prometheus_client import Counter, Histogram

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
