"""Whether we are alive, ready, and what our parts say: for load balancers and old callers."""

import time

from flask import Blueprint, Flask, Response, g, jsonify, request
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.accounts.access import public
from app.extensions import db, redis_client
from app.metrics import REQUEST_SECONDS, REQUESTS

VERSION = "1.0.0"

health = Blueprint("health", __name__)


def init_app(app: Flask) -> None:
    """Serve the checks and count every request."""
    app.register_blueprint(health)

    @app.before_request
    def _begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def _count(response: Response) -> Response:
        endpoint = request.endpoint or "none"
        REQUESTS.labels(request.method, endpoint, response.status_code).inc()
        REQUEST_SECONDS.labels(endpoint).observe(time.perf_counter() - g.get("began", 0.0))
        return response


def database_answers() -> bool:
    """Whether a query comes back."""
    try:
        db.session.execute(text("SELECT 1"))
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


@health.get("/healthz")
@public("a load balancer asks whether the process lives")
def alive() -> Response:
    """200 while this process answers at all."""
    return jsonify(status="ok")


@health.get("/readyz")
@public("a load balancer asks whether to send work here")
def ready() -> tuple[Response, int]:
    """200 when the database is migrated and reachable and Redis answers, else 503."""
    checks = {"database": database_answers(), "redis": redis_answers()}
    good = all(checks.values())
    return jsonify(status="ok" if good else "unavailable", checks=checks), 200 if good else 503
