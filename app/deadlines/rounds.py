"""When promises or hours change, the clocks of all open conversations follow, by a worker.

The round is a row: a dead worker, or a job that was lost, only delays it.
"""

from datetime import timedelta
from functools import partial

from sqlalchemy import Select, select

from app import clock
from app.conversations.models import Conversation
from app.conversations.service import locked
from app.conversations.threads import announce
from app.deadlines import keeping, policies
from app.deadlines.models import DeadlineRound
from app.extensions import db
from app.queueing import enqueue
from app.transactions import atomic, on_commit

AT_ONCE = 200
PATIENCE = timedelta(seconds=30)


def begin() -> None:
    """In the transaction of the change: a round from the first conversation on."""
    going = db.session.scalars(_open().with_for_update()).first()
    if going is None:
        going = DeadlineRound()
        db.session.add(going)
    going.after_id, going.looked_at = 0, clock.now()
    on_commit(_wake, once="deadline-round")


def hours_changed() -> None:
    """Where nothing was promised, hours change no clock."""
    if policies.known():
        begin()


def run() -> None:
    """Go on with the round for a stretch, then ask for another turn."""
    with atomic():
        going = db.session.scalars(_open().with_for_update(skip_locked=True)).first()
        if going is None:
            return
        going.looked_at = clock.now()
        ids = list(db.session.scalars(_next(going.after_id)))
        for talk_id in ids:
            talk = locked(talk_id)
            if keeping.settle(talk, quiet=True):
                talk.version += 1
                announce(talk)
        if len(ids) < AT_ONCE:
            going.done_at = clock.now()
        else:
            going.after_id = ids[-1]
            on_commit(_wake)


def redrive() -> None:
    """Wake a round that nobody has worked on for a while."""
    looked = db.session.scalar(select(DeadlineRound.looked_at).where(_IS_OPEN).limit(1))
    if looked is not None and looked < clock.now() - PATIENCE:
        _wake()


_IS_OPEN = DeadlineRound.done_at.is_(None)
_wake = partial(enqueue, "jobs.bulk.settle_deadlines", queue="bulk")


def _open() -> Select[DeadlineRound]:
    return select(DeadlineRound).where(_IS_OPEN).order_by(DeadlineRound.id).limit(1)


def _next(after_id: int) -> Select[int]:
    return (
        select(Conversation.id)
        .where(
            Conversation.id > after_id,
            Conversation.status == "open",
            Conversation.owner_kind != "bot",
        )
        .order_by(Conversation.id)
        .limit(AT_ONCE)
    )
