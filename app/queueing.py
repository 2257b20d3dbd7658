"""The only way to a worker.

The row in Postgres is the truth and the job only a wake-up: a job that is lost with Redis is found
again by a sweep, so failing to enqueue is logged and never an error for the person who acted.
"""

from datetime import timedelta
from typing import Literal

import structlog
from redis.exceptions import RedisError
from rq import Queue
from rq.exceptions import DuplicateJobError

from app.extensions import redis_client
from app.logs import request_id

log = structlog.get_logger()

QueueName = Literal["live", "outbound", "assistant", "sync", "bulk"]
QUEUES: tuple[QueueName, ...] = ("live", "outbound", "assistant", "sync", "bulk")


def enqueue(
    function: str,
    *args: int | str,
    queue: QueueName,
    job_id: str | None = None,
    delay_seconds: float = 0,
) -> bool:
    """Ask a worker to call the dotted `function`; False when Redis could not be reached.

    With `job_id` a job that still waits under the same id is not queued twice. Call it from
    `on_commit`, so that the worker finds the row.
    """
    line = Queue(queue, connection=redis_client())
    options = {
        "job_id": job_id,
        "unique": job_id is not None,
        "meta": {"request_id": request_id()},
        "result_ttl": 0,
        "failure_ttl": 86_400,
        "job_timeout": 300,
    }
    try:
        if delay_seconds > 0:
            line.enqueue_in(timedelta(seconds=delay_seconds), function, *args, **options)
        else:
            line.enqueue(function, *args, **options)
    except DuplicateJobError:
        return True
    except RedisError as error:
        log.error("enqueue_failed", function=function, error=str(error))
        return False
    return True
