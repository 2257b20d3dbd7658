"""Acting on several conversations and taking it back; nothing else writes the batches' tables."""

from datetime import timedelta
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, or_, select, update

from app import clock
from app.accounts.models import User
from app.conversations import queries
from app.conversations.batches import live
from app.conversations.batches.acts import ACTS
from app.conversations.batches.models import Batch, BatchItem
from app.conversations.models import Conversation
from app.errors import Conflict, GuicheError, NotFound
from app.extensions import db
from app.queueing import enqueue
from app.transactions import atomic, on_commit

AT_ONCE = 50  # more than these a worker does
MOST = 500
LEASE = timedelta(seconds=30)
UNDO_WITHIN = timedelta(minutes=10)
TELL_EVERY = 10


def start(by: User, act: str, arguments: dict[str, Any], seen: dict[int, int]) -> Batch:
    """Do it with each conversation (id -> owner's version that the screen showed).

    Few are done when this answers; many by a worker, which tells how far it is.
    """
    if act not in ACTS:
        raise NotFound
    if not seen:
        raise GuicheError(_("Escolha ao menos uma conversa."), status=422)
    if len(seen) > MOST:
        raise GuicheError(_("Escolha até 500 conversas de cada vez."), status=422)
    with atomic():
        batch = Batch(
            user_id=by.id, act=act, arguments=arguments, state="working", total=len(seen),
            created_at=clock.now(),
        )  # fmt: skip
        db.session.add(batch)
        db.session.flush()
        known = db.session.scalars(
            queries.visible_to(by, select(Conversation.id)).where(Conversation.id.in_(seen))
        ).all()
        batch.total = len(known)
        db.session.add_all(
            BatchItem(batch_id=batch.id, conversation_id=one, seen_version=seen[one])
            for one in sorted(known)
        )
        if not known:
            raise NotFound
    return _drive(batch)


def one(by: User, act: str, arguments: dict[str, Any], conversation_id: int, seen: int) -> int:
    """Do it with one conversation, whose refusal is raised; the id of the batch that undoes it.

    0 when the conversation was so already.
    """
    with atomic() as session:
        done = ACTS[act].do(conversation_id, by, seen, arguments)
        if done is None:
            return 0
        batch = Batch(
            user_id=by.id, act=act, arguments=arguments, state="done", total=1,
            created_at=clock.now(),
        )  # fmt: skip
        session.add(batch)
        session.flush()
        session.add(
            BatchItem(
                batch_id=batch.id,
                conversation_id=conversation_id,
                seen_version=seen,
                outcome="done",
                done=done,
            )
        )
    return batch.id


def undo(batch_id: int, by: User) -> Batch:
    """Take back what was done; what somebody changed since stays, with the reason."""
    with atomic():
        batch = db.session.get(Batch, batch_id, with_for_update=True, populate_existing=True)
        if batch is None or batch.user_id != by.id:
            raise NotFound
        if batch.state != "done" or clock.now() - batch.created_at > UNDO_WITHIN:
            raise Conflict(_("Não dá mais para desfazer."))
        batch.state, batch.lease_until = "undoing", None
        db.session.execute(
            update(BatchItem)
            .where(BatchItem.batch_id == batch_id, BatchItem.outcome == "done")
            .values(outcome="to_undo")
        )
    return _drive(batch)


def _drive(batch: Batch) -> Batch:
    if batch.total <= AT_ONCE:
        run(batch.id)
    else:
        enqueue("jobs.bulk.run_batch", batch.id, queue="bulk")
    return find(batch.id, batch.user_id)


def find(batch_id: int, user_id: int) -> Batch:
    """A batch of this person, fresh; raises NotFound."""
    batch = db.session.get(Batch, batch_id, populate_existing=True)
    if batch is None or batch.user_id != user_id:
        raise NotFound
    return batch


def redrive() -> None:
    """Go on with what a dead worker, or a lost job, left behind."""
    pending = select(Batch.id).where(Batch.state.in_(("working", "undoing")), _is_free())
    for batch_id in db.session.scalars(pending.order_by(Batch.id)).all():
        run(batch_id)


def run(batch_id: int) -> None:
    """Work on what waits, one conversation a transaction; at most one worker at a time."""
    if not _take(batch_id):
        return
    batch = db.session.get_one(Batch, batch_id, populate_existing=True)
    by = db.session.get_one(User, batch.user_id, populate_existing=True)
    waits = "waiting" if batch.state == "working" else "to_undo"
    query = select(BatchItem.conversation_id).where(
        BatchItem.batch_id == batch_id, BatchItem.outcome == waits
    )
    for number, one in enumerate(
        db.session.scalars(query.order_by(BatchItem.conversation_id)).all()
    ):
        if number and number % TELL_EVERY == 0:
            _extend(batch_id)
        _one(batch, one, by, waits)
    _finish(batch, by)


def _is_free() -> Any:
    return or_(Batch.lease_until.is_(None), Batch.lease_until < clock.now())


def _take(batch_id: int) -> bool:
    with atomic():
        return bool(
            db.session.scalar(
                update(Batch)
                .where(Batch.id == batch_id, Batch.state.in_(("working", "undoing")), _is_free())
                .values(lease_until=clock.now() + LEASE)
                .returning(Batch.id)
                .execution_options(synchronize_session=False)
            )
        )


def _extend(batch_id: int) -> None:
    with atomic():
        values = {"lease_until": clock.now() + LEASE}
        db.session.execute(update(Batch).where(Batch.id == batch_id).values(values))
        on_commit(partial(live.batch_changed, batch_id))


def _one(batch: Batch, conversation_id: int, by: User, waits: str) -> None:
    """The act and its outcome are one transaction: it is never done twice."""
    with atomic():
        item = db.session.get_one(
            BatchItem, (batch.id, conversation_id), with_for_update=True, populate_existing=True
        )
        if item.outcome != waits:
            return
        act = ACTS[batch.act]
        try:
            with atomic():
                queries.find(by, conversation_id)
                if waits == "waiting":
                    item.done = act.do(conversation_id, by, item.seen_version, batch.arguments)
                    item.outcome = "done" if item.done else "same"
                else:
                    act.undo(conversation_id, by, item.done or {})
                    item.outcome = "undone"
        except GuicheError as error:
            item.outcome = "refused" if waits == "waiting" else "kept"
            item.reason = error.message


def _finish(batch: Batch, by: User) -> None:
    with atomic():
        batch = db.session.get_one(Batch, batch.id, with_for_update=True, populate_existing=True)
        was = batch.state
        batch.state = {"working": "done", "undoing": "undone"}.get(was, was)
        batch.lease_until = None
        on_commit(partial(live.batch_changed, batch.id))
        receiver = batch.arguments.get("to") if batch.act == "assign" else None
        if was == "working" and receiver and receiver != by.id:
            on_commit(partial(live.given_many, receiver, by, _count(batch.id, "done")))


def _count(batch_id: int, outcome: str) -> int:
    query = select(func.count()).where(BatchItem.batch_id == batch_id, BatchItem.outcome == outcome)
    return db.session.scalar(query) or 0
