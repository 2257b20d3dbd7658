"""The worker process: RQ's own loop with our application around each job."""

import time
from collections.abc import Sequence
from types import FrameType
from typing import Any

import structlog
from flask import Flask
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from rq import Queue
from rq.exceptions import StopRequested
from rq.job import Job
from rq.worker import SimpleWorker

from app.die_with_parent import forks_die_with_us
from app.logs import bind_request_id
from app.metrics import JOBS

log = structlog.get_logger()


class AppWorker(SimpleWorker):
    """Runs jobs in its own process (five times as many a second as forking), inside the app."""

    app: Flask
    told_to_stop = False

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Remember it: RQ's loop also ends by itself when Redis goes away at a bad moment."""
        AppWorker.told_to_stop = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]  # RQ gives it none

    def teardown(self) -> None:
        """Leave no listening thread behind, also when Redis is away and cannot be told."""
        try:
            super().teardown()  # type: ignore[no-untyped-call]  # RQ gives it none
        except RedisConnectionError:
            if self.pubsub_thread:
                self.pubsub_thread.stop()
            raise

    def perform_job(self, job: Job, queue: Queue) -> bool:
        """Run one job with its own application context and its caller's request id."""
        structlog.contextvars.clear_contextvars()
        bind_request_id(job.get_meta(refresh=False).get("request_id"))
        structlog.contextvars.bind_contextvars(job=job.func_name)
        with self.app.app_context():
            succeeded = super().perform_job(job, queue)
        JOBS.labels(job.func_name, "ok" if succeeded else "failed").inc()
        return succeeded

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        """Log the failure as one JSON line; the row it worked on says what staff must know."""
        log.error("job_failed", function=job.func_name, exc_info=exc_info)
        super().handle_exception(job, *exc_info)


def run_worker(app: Flask, queues: Sequence[str], burst: bool = False) -> None:
    """Work on the queues, in that order of importance, until told to stop.

    A Redis that is away is waited for: the sweeps re-drive what was lost with it.
    """
    settings = app.config["SETTINGS"]
    AppWorker.app = app
    forks_die_with_us()  # RQ's scheduler would outlive a killed worker
    while not AppWorker.told_to_stop:
        connection = Redis.from_url(settings.redis_url, socket_connect_timeout=2)
        lines = [Queue(name, connection=connection) for name in queues]
        try:
            worker = AppWorker(
                lines,
                connection=connection,
                worker_ttl=40,
                maintenance_interval=20,
                job_monitoring_interval=5,
                log_job_description=False,
            )
            worker.work(burst=burst, with_scheduler=not burst, logging_level="WARNING")
            if burst:
                return
        except RedisConnectionError as error:
            log.warning("redis_away", error=str(error))
            time.sleep(0.5)
        except StopRequested:
            return
