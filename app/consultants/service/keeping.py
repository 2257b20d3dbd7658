"""Creating, editing and deactivating consultants, on the page and by the API."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.company import memory
from app.consultants import live, waking, week
from app.consultants.checking import CHECKS
from app.consultants.models import Consultant
from app.consultants.service.locking import end_of_line, locked_consultant, locked_queue
from app.errors import Conflict, GuicheError, NotFound
from app.extensions import db
from app.transactions import atomic, on_commit


class EmailTaken(Conflict):
    """Another consultant has this address."""

    def __init__(self) -> None:
        super().__init__(_("Email já cadastrado"))


def create(by: User | str, given: Mapping[str, Any]) -> Consultant:
    """A consultant, at the end of the order. `given` by the names of the columns.

    Raises GuicheError for what cannot be, EmailTaken.
    """
    wanted = checked(given)
    for needed in ("name", "languages"):
        if needed not in wanted:
            CHECKS[needed]("")
    online = bool(wanted.pop("online", False))
    with atomic() as session:
        queue = locked_queue()
        _check_email(wanted.get("email"))
        _check_login(wanted.get("user_id"))
        active = wanted.get("active", True)
        consultant = Consultant(
            **wanted,
            turn=end_of_line(queue),
            attended_at=clock.now(),
            switched_at=clock.now(),
            online=online and active,
            switch="online" if online else "offline",
        )
        session.add(consultant)
        session.flush()
        session.refresh(consultant)
        audit.record(by, "consultant.created", "consultant", consultant.id, after=shown(consultant))
        _changed(consultant)
    return consultant


def edit(
    by: User | str, consultant_id: int, given: Mapping[str, Any], unique_email: bool = True
) -> Consultant:
    """Change what is given and leave the rest. The API's callers may repeat an address."""
    wanted = checked(given)
    with atomic():
        locked_queue()
        consultant = known(consultant_id)
        before = shown(consultant)
        if unique_email and wanted.get("email", consultant.email) != consultant.email:
            _check_email(wanted["email"])
        if wanted.get("user_id", consultant.user_id) != consultant.user_id:
            _check_login(wanted["user_id"])
            consultant.here = False
        online = wanted.pop("online", None)
        for name, value in wanted.items():
            setattr(consultant, name, value)
        if online is not None:
            consultant.switch = "online" if online else "offline"
            consultant.online, consultant.pause_reason = online, ""
        if not consultant.active:
            consultant.online = False
        if before != shown(consultant):
            consultant.version += 1
            audit.record(
                by, "consultant.edited", "consultant", consultant.id, before, shown(consultant)
            )
            _changed(consultant)
    return consultant


def leave(by: User | str, consultant_id: int) -> Consultant:
    """Out of the company: handed nothing any more; their protocols stay.

    What they have open goes back to the line.
    """
    with atomic():
        locked_queue()
        consultant = known(consultant_id)
        consultant.active = consultant.in_sequence = consultant.online = False
        consultant.switch, consultant.pause_reason = "offline", ""
        consultant.left_at = clock.now()
        consultant.version += 1
        audit.record(
            by, "consultant.left", "consultant", consultant.id, after={"name": consultant.name}
        )
        _changed(consultant)
    return consultant


def reactivate(by: User, consultant_id: int) -> Consultant:
    """Back, at the end of the order."""
    with atomic():
        place = end_of_line(locked_queue())
        consultant = locked_consultant(consultant_id)
        if not consultant.active:
            consultant.active = consultant.in_sequence = True
            consultant.left_at = None
            consultant.turn = place
            consultant.version += 1
            audit.record(
                by, "consultant.returned", "consultant", consultant.id,
                after={"name": consultant.name},
            )  # fmt: skip
            _changed(consultant)
    return consultant


def known(consultant_id: int) -> Consultant:
    """A locked consultant who has not left; raises NotFound."""
    consultant = locked_consultant(consultant_id)
    if consultant.left_at is not None:
        raise NotFound(_("Consultor não encontrado"))
    return consultant


def checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """Each value as it can be kept; raises GuicheError, or KeyError for a name that is none."""
    return {name: CHECKS[name](value) for name, value in given.items()}


def shown(consultant: Consultant) -> dict[str, Any]:
    """What the audit log keeps of a consultant."""
    names = ("name", "email", "phone", "languages", "active", "in_sequence", "online",
             "pipedrive_id", "capacity", "user_id")  # fmt: skip
    kept = {name: getattr(consultant, name) for name in names}
    return kept | {"hours": week.line_text(consultant.hours)}


def _check_email(email: str | None) -> None:
    if email is None:
        return
    taken = select(Consultant.id).where(
        func.lower(Consultant.email) == email.lower(), Consultant.left_at.is_(None)
    )
    if db.session.scalar(taken.limit(1)) is not None:
        raise EmailTaken


def _check_login(user_id: int | None) -> None:
    if user_id is None:
        return
    person = db.session.get(User, user_id)
    if person is None or not person.can(Permission.CONVERSATIONS_WORK):
        raise GuicheError(_("Escolha alguém da equipe que atenda conversas."), status=422)
    taken = db.session.scalar(select(Consultant).where(Consultant.user_id == user_id))
    if taken is None:
        return
    if taken.left_at is None:
        raise Conflict(_("Este acesso já é o de %(name)s.", name=taken.name))
    taken.user_id = None  # who left gives it up to who comes
    db.session.flush()


def _changed(consultant: Consultant) -> None:
    memory.forget()
    waking.somebody_is_free()
    on_commit(live.turn_taken, once="turn")
    if consultant.user_id is not None:
        on_commit(partial(live.own_switch_changed, consultant.user_id))
