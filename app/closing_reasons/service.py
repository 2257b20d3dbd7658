"""What managers do with the reasons for closing, each time recorded; nothing else writes them."""

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.accounts import audit
from app.accounts.models import User
from app.closing_reasons import live
from app.closing_reasons.models import ClosingReason
from app.company import memory
from app.errors import Conflict, GuicheError, NotFound
from app.extensions import db
from app.transactions import atomic, on_commit

LONGEST = 60
_LOCK = 7_301_002  # of two who put reasons in order at once, one waits


def create(by: User, name: str) -> ClosingReason:
    """A reason, offered last. Raises GuicheError, Conflict when the name is taken."""
    wanted = _name(name)
    with atomic() as session:
        _lock()
        _check_free(wanted)
        last = session.scalar(select(func.max(ClosingReason.position))) or 0
        reason = ClosingReason(name=wanted, position=last + 1)
        session.add(reason)
        session.flush()
        audit.record(by, "closing_reason.created", "closing_reason", reason.id, after=_told(reason))
        _announce()
    return reason


def rename(reason_id: int, by: User, name: str) -> ClosingReason:
    """Another name: also on what was closed for it."""
    wanted = _name(name)
    with atomic():
        reason = _find(reason_id)
        _check_free(wanted, except_id=reason.id)
        before, reason.name = _told(reason), wanted
        if before != _told(reason):
            _changed(reason, by, "closing_reason.renamed", before)
    return reason


def archive(reason_id: int, by: User) -> ClosingReason:
    """Offer it no more."""
    return _switch(reason_id, by, "closing_reason.archived", False)


def restore(reason_id: int, by: User) -> ClosingReason:
    """Offer it again."""
    return _switch(reason_id, by, "closing_reason.restored", True)


def move_up(reason_id: int, by: User) -> ClosingReason:
    """Offer it before the one above: its key on the keyboard is then one less."""
    with atomic():
        reason = _find(reason_id)
        above = db.session.scalars(
            select(ClosingReason)
            .where(ClosingReason.active, ClosingReason.position < reason.position)
            .order_by(ClosingReason.position.desc())
            .limit(1)
        ).one_or_none()
        if above is not None:
            reason.position, above.position = above.position, reason.position
            above.version += 1
            _changed(reason, by, "closing_reason.moved", None)
    return reason


def _switch(reason_id: int, by: User, action: str, active: bool) -> ClosingReason:
    with atomic():
        reason = _find(reason_id)
        if reason.active != active:
            reason.active = active
            _changed(reason, by, action, None)
    return reason


def _find(reason_id: int) -> ClosingReason:
    _lock()
    reason = db.session.get(ClosingReason, reason_id, populate_existing=True)
    if reason is None:
        raise NotFound
    return reason


def _lock() -> None:
    db.session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def _changed(reason: ClosingReason, by: User, action: str, before: dict[str, str] | None) -> None:
    reason.version += 1
    audit.record(by, action, "closing_reason", reason.id, before, _told(reason))
    _announce()


def _announce() -> None:
    memory.forget()
    on_commit(live.reasons_changed, once="closing-reasons")


def _told(reason: ClosingReason) -> dict[str, str]:
    return {"name": reason.name}


def _name(text: str) -> str:
    name = " ".join(text.replace("\0", "").split())
    if not 1 <= len(name) <= LONGEST:
        raise GuicheError(_("Dê ao motivo um nome de até %(most)s letras.", most=LONGEST), 422)
    return name


def _check_free(name: str, except_id: int = 0) -> None:
    same = func.fold(ClosingReason.name) == func.fold(name)
    taken = db.session.scalar(
        select(ClosingReason).where(same, ClosingReason.id != except_id).limit(1)
    )
    if taken is not None:
        out = "" if taken.active else " " + _("Ele está arquivado: restaure.")
        raise Conflict(_("Já existe o motivo %(name)s.", name=taken.name) + out)
