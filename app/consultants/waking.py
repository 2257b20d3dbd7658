"""Somebody may be free now: the line of waiting customers is looked at once that is committed."""

from functools import partial

from app.queueing import enqueue
from app.transactions import on_commit

JOB = "jobs.live.hand_out_waiting"


def somebody_is_free() -> None:
    """In the transaction that made somebody eligible, or the queue go on."""
    on_commit(partial(enqueue, JOB, queue="live"), once=JOB)
