"""Taking a turn, giving a conversation up, and undoing the last hand-out."""

from collections.abc import Collection, Iterable

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.consultants import live, turn, waking
from app.consultants.models import Consultant, HandOut
from app.consultants.service.locking import checked_reason, locked_queue
from app.consultants.turn import Choice, Considered, choose
from app.errors import Conflict, GuicheError, NotFound
from app.extensions import db
from app.protocols import service as protocols
from app.protocols.models import Protocol
from app.transactions import atomic, on_commit

__all__ = ["NobodyAvailable", "choose", "hold_again", "number", "release", "take_turn", "undo"]


class NobodyAvailable(GuicheError):
    """Nobody may be handed a customer of this language now; `considered` says why of each."""

    status = 404

    def __init__(self, language: str, considered: Considered) -> None:
        message = _("Não há consultor disponível para o idioma %(language)s", language=language)
        super().__init__(message)
        self.considered = considered


def take_turn(
    language: str, *, by: User | str, contact_id: int | None = None, refused: Collection[int] = ()
) -> HandOut:
    """Hand a customer of this language to whose turn it is, outside any conversation.

    The hand-out names the consultant and the protocol. Raises NobodyAvailable.
    """
    with atomic():
        choice = choose(language, refused)
        if choice.consultant is None:
            raise NobodyAvailable(language, choice.considered)
        return number(choice, choice.consultant, by=by, contact_id=contact_id, origin="api")


def number(
    choice: Choice,
    consultant: Consultant,
    *,
    by: User | str,
    conversation_id: int | None = None,
    contact_id: int | None = None,
    origin: str = "turn",
) -> HandOut:
    """Give the chosen one a protocol and keep the decision, in the transaction of the choice.

    Takes the counter of the numbers, the last of all locks.
    """
    protocol = None
    if conversation_id is not None:
        protocol = _still_open(conversation_id)
    if protocol is not None:
        protocol = protocols.assign(protocol.id, by, consultant.id)
    else:
        protocol = protocols.allocate(
            consultant_id=consultant.id,
            conversation_id=conversation_id,
            contact_id=contact_id,
            language=choice.language,
            origin=origin,
            by=by,
        )
    on_commit(live.turn_taken, once="turn")
    return turn.keep(choice, consultant, protocol, conversation_id, by)


def _still_open(conversation_id: int) -> Protocol | None:
    """The protocol under which the customer already waits or was attended, while it is not closed:
    handed on, they keep their number."""
    query = select(Protocol).where(
        Protocol.conversation_id == conversation_id, Protocol.status.not_in(protocols.ENDED)
    )
    return db.session.scalar(query.order_by(Protocol.id.desc()).limit(1))


def release(conversation_id: int) -> list[int]:
    """Nobody has this (locked) conversation any more; the ids of the consultants who had it."""
    freed: Iterable[int] = db.session.scalars(
        update(HandOut)
        .where(HandOut.conversation_id == conversation_id, HandOut.released_at.is_(None))
        .values(released_at=clock.now())
        .returning(HandOut.consultant_id)
    )
    ids = list(freed)
    if ids:
        waking.somebody_is_free()
        on_commit(live.turn_taken, once="turn")
    return ids


def hold_again(hand_out: HandOut) -> None:
    """Whom this (locked) conversation was handed to has it again: it counts as theirs."""
    db.session.execute(update(HandOut).where(HandOut.id == hand_out.id).values(released_at=None))
    on_commit(live.turn_taken, once="turn")


def undo(hand_out_id: int, by: User, reason: str) -> HandOut:
    """Take the last hand-out back: the order is as before, its protocol is cancelled, its number
    stays used.

    Raises Conflict when another came after it, GuicheError without a reason.
    """
    why = checked_reason(reason)
    with atomic():
        locked_queue()
        last = db.session.scalars(
            select(HandOut)
            .where(HandOut.undone_at.is_(None))
            .order_by(HandOut.id.desc())
            .limit(1)
            .options(joinedload(HandOut.protocol))
            .execution_options(populate_existing=True)
        ).one_or_none()
        if last is None:
            raise NotFound
        if last.id != hand_out_id:
            raise Conflict(_("Já houve outra entrega depois desta. Só a última pode ser desfeita."))
        consultant = db.session.get_one(Consultant, last.consultant_id, populate_existing=True)
        if consultant.attended_at == last.made_at:
            consultant.turn = last.turn_before
            consultant.attended_at = last.attended_before
            consultant.version += 1
        now = clock.now()
        last.undone_at, last.undone_by_id, last.undo_reason = now, by.id, why
        last.released_at = last.released_at or now
        earlier = db.session.scalar(
            select(HandOut.consultant_id)
            .where(HandOut.protocol_id == last.protocol_id, HandOut.id < last.id)
            .order_by(HandOut.id.desc())
            .limit(1)
        )
        if earlier is None:
            protocols.cancel(last.protocol_id, by, why)
        else:
            protocols.assign(last.protocol_id, by, earlier, why)
        audit.record(
            by, "turn.undone", "consultant", consultant.id,
            after={"name": consultant.name, "protocol": last.protocol.number, "reason": why},
        )  # fmt: skip
        waking.somebody_is_free()
        on_commit(live.turn_taken, once="turn")
    return last
