"""Whether we are alive, ready and well: for load balancers, Prometheus and old callers."""

import os
import time
from functools import lru_cache

from flask import Blueprint, Flask, Response, g, jsonify, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.core import REGISTRY
from redis.exceptions import RedisError
from rq import Worker
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from app import clock
from app.accounts.access import public, requires_scope
from app.accounts.permissions import Scope
from app.channels.models import Channel
from app.extensions import current_settings, db, redis_client
from app.metrics import REQUEST_SECONDS, REQUESTS, QueueAges
from app.queueing import QUEUES

VERSION = "1.0.0"
SERVICE = "guiche"

blueprint = Blueprint("health", __name__)


def init_app(app: Flask) -> None:
    """Serve the checks and count every request."""
    app.register_blueprint(blueprint)

    @app.before_request
    def _begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def _count(response: Response) -> Response:
        endpoint = request.endpoint or "none"
        counter, seconds = _counted(request.method, endpoint, response.status_code)
        counter.inc()
        if "began" in g:
            seconds.observe(time.perf_counter() - g.began)
        return response


@lru_cache(maxsize=4096)
def _counted(method: str, endpoint: str, status: int) -> tuple[Counter, Histogram]:
    """The two series of one kind of request; looking them up costs more than counting."""
    return REQUESTS.labels(method, endpoint, status), REQUEST_SECONDS.labels(endpoint)


@blueprint.get("/healthz")
@public("a load balancer asks whether the process lives")
def alive() -> Response:
    """200 while this process answers at all."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@public("a load balancer asks whether to send work here")
def ready() -> tuple[Response, int]:
    """200 when the database is migrated and reachable and Redis answers, else 503."""
    checks = {"database": database_answers(), "redis": redis_answers()}
    good = all(checks.values())
    return jsonify(status="ok" if good else "unavailable", checks=checks), 200 if good else 503


@blueprint.get("/api/health")
@public("the replaced system answered it to everybody; it says nothing but states")
def summary() -> tuple[Response, int]:
    """The old contract's answer, with checks that really check; 503 without database or Redis."""
    database, redis = database_answers(), redis_answers()
    services = {
        "database": "connected" if database else "disconnected",
        "redis": "connected" if redis else "disconnected",
        "workers": _workers() if redis else "unknown",
        "supabase": "connected" if database else "disconnected",
        "zapi": _zapi() if database else "unknown",
        "openai": _configured("openai_api_key"),
        "chatwoot": _configured("chatwoot_api_url", "chatwoot_api_token"),
        "piperun": _configured("piperun_api_url", "piperun_api_token"),
    }
    essential = database and redis
    well = essential and services["workers"] == "running" and services["zapi"] != "disconnected"
    status = "healthy" if well else "degraded" if essential else "unhealthy"
    return jsonify(
        status=status,
        services=services,
        timestamp=clock.now().isoformat(),
        service=SERVICE,
        version=VERSION,
    ), 200 if essential else 503


@blueprint.get("/metrics")
@requires_scope(Scope.METRICS_READ)
def metrics() -> Response:
    """Everything that is counted, in Prometheus' text form."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry = REGISTRY
    body = generate_latest(registry) + generate_latest(_ages())
    return Response(body, content_type=CONTENT_TYPE_LATEST)


def _ages() -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(QueueAges())
    return registry


def database_answers() -> bool:
    """Whether the database answers and has our tables."""
    try:
        db.session.execute(text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError:
        db.session.rollback()
        return False
    return True


def redis_answers() -> bool:
    """Whether Redis answers a ping."""
    try:
        return bool(redis_client().ping())
    except RedisError:
        return False


def _workers() -> str:
    """Whether every queue has a worker that was heard of within its time to live."""
    served: set[str] = set()
    for worker in Worker.all(connection=redis_client()):
        served.update(worker.queue_names())
    return "running" if served.issuperset(QUEUES) else "missing"


def _zapi() -> str:
    """The worst state of the active channels; `configured` while none has been heard of."""
    states = set(db.session.scalars(select(Channel.state).where(Channel.active)))
    if not states:
        return "not_configured"
    for state in ("disconnected", "connected"):
        if state in states:
            return state
    return "configured"


def _configured(*names: str) -> str:
    settings = current_settings()
    return "configured" if all(getattr(settings, name) for name in names) else "not_configured"
