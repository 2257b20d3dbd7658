"""The queue's row: whoever changes who is eligible holds it, as whoever takes a turn does.

So nobody is handed a customer in the very moment in which they leave.
"""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.consultants.models import Consultant, ConsultantQueue
from app.errors import GuicheError, NotFound
from app.extensions import db

LONGEST_REASON = 300


def locked_queue() -> ConsultantQueue:
    """The one row, locked until the end of the transaction."""
    db.session.execute(insert(ConsultantQueue).values(id=1).on_conflict_do_nothing())
    query = select(ConsultantQueue).where(ConsultantQueue.id == 1).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def end_of_line(queue: ConsultantQueue) -> int:
    """A place behind everybody, from the locked counter."""
    queue.turns += 1
    return queue.turns


def locked_consultant(consultant_id: int) -> Consultant:
    """One consultant, locked after the queue; raises NotFound."""
    query = select(Consultant).where(Consultant.id == consultant_id).with_for_update()
    found = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(_("Consultor não encontrado"))
    return found


def checked_reason(text: str) -> str:
    """Why a manager steps in; raises GuicheError without one."""
    reason = " ".join(text.replace("\0", "").split())
    if not 3 <= len(reason) <= LONGEST_REASON:
        raise GuicheError(
            _("Diga o motivo em 3 a %(most)s letras.", most=LONGEST_REASON), status=422
        )
    return reason
