"""Finding consultants, their order, and what was decided."""

from collections.abc import Collection

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from app.accounts.models import AuditEntry, User
from app.company import memory
from app.consultants.models import Consultant, ConsultantQueue, HandOut
from app.errors import NotFound
from app.extensions import db

_OPEN = (HandOut.conversation_id.is_not(None), HandOut.released_at.is_(None))


def find(consultant_id: int) -> Consultant:
    """One consultant, whatever became of them; raises NotFound."""
    found = db.session.get(Consultant, consultant_id, options=[joinedload(Consultant.user)])
    if found is None:
        raise NotFound
    return found


def listed(which: str = "active") -> list[Consultant]:
    """Consultants by name: `active`, or those who are `inactive`."""
    query = select(Consultant).where(Consultant.active.is_(which == "active"))
    return list(
        db.session.scalars(
            query.options(joinedload(Consultant.user)).order_by(
                func.fold(Consultant.name), Consultant.id
            )
        )
    )


def in_order() -> list[Consultant]:
    """The active ones in the order of the turn, whoever is available."""
    query = select(Consultant).where(Consultant.active).options(joinedload(Consultant.user))
    return list(db.session.scalars(query.order_by(Consultant.turn, Consultant.id)))


def of_user(user_id: int) -> Consultant | None:
    """The consultant behind a log-in."""
    return db.session.scalar(select(Consultant).where(Consultant.user_id == user_id))


def own_of(person: User) -> Consultant | None:
    """The same, on every page: nothing is asked for those who are none."""
    theirs = memory.remember("consultant-users", _read_users)
    return of_user(person.id) if person.id in theirs else None


def _read_users() -> frozenset[int]:
    query = select(Consultant.user_id).where(Consultant.user_id.is_not(None), Consultant.active)
    return frozenset(one for one in db.session.scalars(query) if one is not None)


def queue() -> ConsultantQueue:
    """The queue's row, for reading; one that nobody has written yet stands as new."""
    query = select(ConsultantQueue).options(joinedload(ConsultantQueue.paused_by))
    return db.session.scalar(query) or ConsultantQueue(id=1, turns=0, pause_reason="", version=0)


def busy() -> dict[int, int]:
    """How many open conversations each consultant has."""
    query = select(HandOut.consultant_id, func.count()).where(*_OPEN)
    rows = db.session.execute(query.group_by(HandOut.consultant_id))
    return {row[0]: row[1] for row in rows}


def spoken() -> list[str]:
    """The languages that active consultants speak, each once, by name."""
    tags = select(func.unnest(Consultant.languages).label("tag")).where(Consultant.active)
    each = tags.subquery()
    query = select(func.min(each.c.tag)).group_by(func.lower(each.c.tag))
    return list(db.session.scalars(query.order_by(func.lower(func.min(each.c.tag)))))


def names(ids: Collection[int]) -> dict[int, str]:
    """The names of these consultants."""
    query = select(Consultant.id, Consultant.name).where(Consultant.id.in_(list(ids)))
    return {row.id: row.name for row in db.session.execute(query)}


def everyones_names() -> dict[int, str]:
    """The names of all who are or were consultants, for rooms below; from memory."""
    return {number: name for number, name, _ in memory.remember("consultant-names", _read_names)}


def name_of(consultant_id: int | None) -> str:
    """How somebody who is or was a consultant is called; from memory."""
    return everyones_names().get(consultant_id or 0, "")


def offered_names() -> dict[int, str]:
    """Those to whom something can be given now; from memory."""
    known = memory.remember("consultant-names", _read_names)
    return {number: name for number, name, active in known if active}


def why_away(consultant_id: int) -> str | None:
    """What keeps a consultant from going on with a customer: "left" or "offline"; None: nothing."""
    query = select(Consultant.active, Consultant.online).where(Consultant.id == consultant_id)
    found = db.session.execute(query).one_or_none()
    if found is None or not found.active:
        return "left"
    return None if found.online else "offline"


def crm_owner(consultant_id: int) -> int | None:
    """Who a consultant is in the CRM."""
    query = select(Consultant.pipedrive_id).where(Consultant.id == consultant_id)
    return db.session.scalar(query)


def _read_names() -> list[tuple[int, str, bool]]:
    query = select(Consultant.id, Consultant.name, Consultant.active)
    rows = db.session.execute(query.order_by(func.fold(Consultant.name), Consultant.id))
    return [(row.id, row.name, row.active) for row in rows]


def with_all(query: Select[HandOut]) -> Select[HandOut]:
    """Hand-outs with their consultant and protocol, in the same statement."""
    return query.options(joinedload(HandOut.consultant), joinedload(HandOut.protocol))


def open_of(conversation_id: int) -> HandOut | None:
    """Who has this conversation."""
    query = select(HandOut).where(
        HandOut.conversation_id == conversation_id, HandOut.released_at.is_(None)
    )
    return db.session.scalar(with_all(query).order_by(HandOut.id.desc()).limit(1))


def last_of(conversation_id: int) -> HandOut | None:
    """To whom this conversation was handed last, as far as that was not undone."""
    query = select(HandOut).where(
        HandOut.conversation_id == conversation_id, HandOut.undone_at.is_(None)
    )
    return db.session.scalar(with_all(query).order_by(HandOut.id.desc()).limit(1))


def of_protocol(protocol_id: int) -> HandOut | None:
    """The decision behind a protocol."""
    query = select(HandOut).where(HandOut.protocol_id == protocol_id)
    return db.session.scalar(with_all(query).order_by(HandOut.id.desc()).limit(1))


def put_first(hand_out: HandOut) -> AuditEntry | None:
    """What a manager said who put this consultant first for this turn; None when nobody had."""
    moves = select(AuditEntry).where(
        AuditEntry.entity_type == "consultant",
        AuditEntry.entity_id == str(hand_out.consultant_id),
        AuditEntry.action.in_(("turn.put_first", "turn.passed")),
        AuditEntry.at < hand_out.made_at,
    )
    if hand_out.attended_before is not None:
        moves = moves.where(AuditEntry.at > hand_out.attended_before)
    last = db.session.scalar(moves.order_by(AuditEntry.id.desc()).limit(1))
    return last if last is not None and last.action == "turn.put_first" else None


def last_hand_out() -> HandOut | None:
    """The newest that was not undone: the only one that can be."""
    query = select(HandOut).where(HandOut.undone_at.is_(None)).order_by(HandOut.id.desc())
    return db.session.scalar(with_all(query).limit(1))
