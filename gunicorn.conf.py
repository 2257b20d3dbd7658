"""How gunicorn serves the product: `gunicorn -c gunicorn.conf.py wsgi:app`."""

# Before anything else: psycopg decides at its import how it waits, and unpatched it would hold up
# every other request of the process while one of them waits for the database.
from gevent import monkey

monkey.patch_all()

# ruff: noqa: E402
import os
from pathlib import Path

from gunicorn.workers.base import Worker
from prometheus_client import multiprocess

from app import metrics
from app.die_with_parent import die_with_parent
from app.settings import load_settings

_production = os.environ.get("GUICHE_ENV") == "production"

bind = f"{'0.0.0.0' if _production else '127.0.0.1'}:{os.environ.get('PORT') or 5000}"  # noqa: S104
worker_class = "gevent"  # simple-websocket serves the sockets; gevent-websocket would break it
workers = int(os.environ.get("WEB_CONCURRENCY") or 1)
worker_connections = 4000
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - heartbeats
control_socket_disable = True

timeout = 30
graceful_timeout = 2  # open sockets never end by themselves; browsers reconnect and repair
keepalive = 5

# Only these may say whose request they pass on; TRUSTED_PROXIES says how many there are.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS") or "127.0.0.1"
accesslog = None  # the product logs each request as JSON
loglevel = "warning"


def on_starting(server: object) -> None:
    """Refuse a bad environment here: a worker that refused it would be started again forever."""
    load_settings()
    metrics.drop_stale_files()


def post_fork(server: object, worker: object) -> None:
    """A worker whose master was killed would keep the port."""
    die_with_parent()


def child_exit(server: object, worker: Worker) -> None:
    """What a dead worker counted stays; its gauges go."""
    if metrics.folder():
        multiprocess.mark_process_dead(metrics.process_name(worker.pid))
