"""What managers do with the order itself, each time with a reason and on record."""

from flask_babel import gettext as _
from sqlalchemy import func, select

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.consultants import live, waking
from app.consultants.models import Consultant, ConsultantQueue
from app.consultants.service.locking import (
    checked_reason,
    end_of_line,
    locked_consultant,
    locked_queue,
)
from app.errors import Conflict
from app.extensions import db
from app.transactions import atomic, on_commit


def pass_turn(by: User, consultant_id: int, reason: str) -> Consultant:
    """Send somebody to the end of the order without a customer."""
    why = checked_reason(reason)
    with atomic():
        place = end_of_line(locked_queue())
        consultant = _in_order(consultant_id)
        consultant.turn = place
        _moved(by, "turn.passed", consultant, why)
    return consultant


def put_first(by: User, consultant_id: int, reason: str) -> Consultant:
    """The next customer whose language they speak is theirs, if they are available then."""
    why = checked_reason(reason)
    with atomic():
        queue = locked_queue()
        consultant = _in_order(consultant_id)
        first = db.session.scalar(select(func.min(Consultant.turn)))
        consultant.turn = (queue.turns if first is None else first) - 1
        _moved(by, "turn.put_first", consultant, why)
    return consultant


def pause(by: User, reason: str) -> ConsultantQueue:
    """Hand nothing out: customers wait in line until somebody lets it go on."""
    why = checked_reason(reason)
    with atomic():
        queue = locked_queue()
        if queue.paused_at is not None:
            raise Conflict(_("A fila já está pausada."))
        queue.paused_at, queue.paused_by_id, queue.pause_reason = clock.now(), by.id, why
        queue.version += 1
        audit.record(by, "queue.paused", "queue", queue.id, after={"reason": why})
        on_commit(live.turn_taken, once="turn")
    return queue


def resume(by: User, reason: str) -> ConsultantQueue:
    """Go on; who waits is handed out at once."""
    why = checked_reason(reason)
    with atomic():
        queue = locked_queue()
        if queue.paused_at is None:
            raise Conflict(_("A fila não está pausada."))
        queue.paused_at = queue.paused_by_id = None
        queue.pause_reason = ""
        queue.version += 1
        audit.record(by, "queue.resumed", "queue", queue.id, after={"reason": why})
        on_commit(live.turn_taken, once="turn")
        waking.somebody_is_free()
    return queue


def _in_order(consultant_id: int) -> Consultant:
    consultant = locked_consultant(consultant_id)
    if not consultant.active:
        raise Conflict(_("%(name)s não está mais na fila.", name=consultant.name))
    return consultant


def _moved(by: User, action: str, consultant: Consultant, why: str) -> None:
    consultant.version += 1
    told = {"name": consultant.name, "reason": why}
    audit.record(by, action, "consultant", consultant.id, after=told)
    on_commit(live.turn_taken, once="turn")
