"""What runs periodically. Exactly one process runs the scheduler; doing it twice does no harm."""

import time
from collections.abc import Callable

import structlog
from flask import Flask
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from rq.cron import CronScheduler

from app.queueing import QueueName
from jobs import assistant, bulk, live, outbound, sync

log = structlog.get_logger()

SWEEP = 0  # as often as SWEEP_AFTER_SECONDS says

SCHEDULE: tuple[tuple[Callable[[], None], QueueName, int], ...] = (
    (live.redrive_receipts, "live", SWEEP),
    (live.wake_snoozed, "live", SWEEP),
    (live.send_scheduled, "live", SWEEP),
    (live.pass_deadlines, "live", SWEEP),
    (live.tell_waiting, "live", 30),
    (live.ask_surveys, "live", SWEEP),
    (live.redrive_agreements, "live", SWEEP),
    (live.settle_presence, "live", 5),
    (live.settle_line, "live", SWEEP),
    (live.release_orphans, "live", 60),
    (outbound.redrive_outbox, "outbound", SWEEP),
    (assistant.redrive_answers, "assistant", SWEEP),
    (sync.check_channels, "sync", 60),
    (sync.redrive_attachments, "sync", SWEEP),
    (sync.redrive_crm, "sync", SWEEP),
    (sync.redrive_look_ups, "sync", SWEEP),
    (sync.redrive_offers, "sync", SWEEP),
    (sync.follow_agreements, "sync", 300),
    (sync.redrive_erp_documents, "sync", SWEEP),
    (sync.keep_erp_directory, "bulk", 30),
    (sync.forget_erp_documents, "bulk", 86_400),
    (bulk.redrive_transfers, "bulk", SWEEP),
    (bulk.forget_old_imports, "bulk", 86_400),
    (bulk.close_silent, "bulk", 60),
    (bulk.redrive_batches, "bulk", SWEEP),
    (bulk.redrive_deadlines, "bulk", 30),
    (bulk.redrive_portfolios, "bulk", SWEEP),
    (bulk.forget_old_portfolios, "bulk", 86_400),
    (bulk.forget_expired_look_ups, "bulk", 3600),
    (bulk.settle_counters, "bulk", 3600),
    (bulk.make_partitions, "bulk", 86_400),
    (bulk.forget_old_receipts, "bulk", 86_400),
    (bulk.forget_old_attempts, "bulk", 3600),
    (bulk.forget_unused_files, "bulk", 3600),
    (bulk.forget_old_notices, "bulk", 86_400),
    (bulk.forget_old_hours, "bulk", 86_400),
)


def scheduler(connection: Redis, sweep_seconds: float) -> CronScheduler:
    """The scheduler with every periodic job; `ttl` keeps them from piling up without workers."""
    cron = CronScheduler(connection=connection, logging_level="WARNING")
    for function, queue, wanted in SCHEDULE:
        seconds = max(1, wanted or round(sweep_seconds))
        cron.register(
            function, queue, interval=seconds, ttl=max(seconds, 10), result_ttl=0, job_timeout=280
        )
    return cron


def run_cron(app: Flask) -> None:
    """Enqueue what is due until told to stop, waiting for a Redis that is away."""
    settings = app.config["SETTINGS"]
    while True:
        connection = Redis.from_url(settings.redis_url, socket_connect_timeout=2)
        try:
            scheduler(connection, settings.sweep_after_seconds).start()  # type: ignore[no-untyped-call]
        except RedisConnectionError as error:
            log.warning("redis_away", error=str(error))
            time.sleep(0.5)
            continue
        return
