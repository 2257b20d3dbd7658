"""Who is there: a log-in's open dashboard and own switch, a manager's word, or the API's."""

from functools import partial
from typing import Any

import structlog
from flask_babel import gettext as _
from redis.exceptions import RedisError
from sqlalchemy import select

from app import clock
from app.accounts import audit, presence_store
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.consultants import live, waking
from app.consultants.models import SWITCHES, Consultant
from app.consultants.service.locking import LONGEST_REASON, locked_consultant, locked_queue
from app.errors import Conflict, GuicheError
from app.extensions import db
from app.transactions import atomic, on_commit

log = structlog.get_logger()


def set_online(by: User | str, consultant_id: int, online: bool) -> Consultant:
    """As a manager or the API says, whether or not a dashboard is open."""
    return _switch(by, consultant_id, "online" if online else "offline", "")


def pause_consultant(by: User, consultant_id: int, reason: str) -> Consultant:
    """A manager lets somebody rest."""
    return _switch(by, consultant_id, "paused", _pause_reason(reason))


def switch(person: User, to: str, reason: str = "") -> Consultant:
    """One's own switch: online, paused (with a reason) or offline. Raises GuicheError."""
    if to not in SWITCHES:
        raise GuicheError(_("Escolha online, pausa ou offline."), status=422)
    why = _pause_reason(reason) if to == "paused" else ""
    own = db.session.scalar(select(Consultant.id).where(Consultant.user_id == person.id))
    if own is None:
        raise Conflict(_("Seu acesso não é o de um consultor."))
    return _switch(person, own, to, why, is_self=True)


def _switch(
    by: User | str, consultant_id: int, to: str, reason: str, is_self: bool = False
) -> Consultant:
    with atomic():
        locked_queue()
        consultant = locked_consultant(consultant_id)
        if not consultant.active and to == "online":
            raise Conflict(_("%(name)s está desativado. Reative antes.", name=consultant.name))
        if to == "online" and not _may_attend(consultant):
            raise Conflict(
                _("O acesso de %(name)s não atende mais. Troque-o antes.", name=consultant.name)
            )
        before = _shown(consultant)
        consultant.switch, consultant.pause_reason = to, reason
        consultant.here = consultant.here or is_self  # the switch is on an open dashboard
        _stand(consultant, to == "online")
        if before != _shown(consultant):
            consultant.switched_at = clock.now()
            audit.record(
                by, "consultant.switched", "consultant", consultant.id, before, _shown(consultant)
            )
            _changed(consultant)
    return consultant


def _may_attend(consultant: Consultant) -> bool:
    """Whether the log-in behind them, if any, still works at the desk."""
    if consultant.user_id is None:
        return True
    person = db.session.get(User, consultant.user_id, populate_existing=True)
    return person is not None and person.can(Permission.CONVERSATIONS_WORK)


def follow_staff(person: User, by: User | str) -> None:
    """Somebody may do less than before: who attends no more is handed nobody, from now on."""
    if person.can(Permission.CONVERSATIONS_WORK):
        return
    own = db.session.scalar(select(Consultant.id).where(Consultant.user_id == person.id))
    if own is not None:
        _switch(by, own, "offline", "")


def follow_presence(user_id: int, state: str) -> None:
    """Somebody's dashboard was opened, or closed for as long as the grace lasts."""
    own = select(Consultant.id).where(Consultant.user_id == user_id, Consultant.active)
    found = db.session.scalar(own)
    if found is not None:
        _is_here(found, state != "offline")


def settle_presence() -> None:
    """Put right whose dashboard opened or closed without our hearing of it.

    Without Redis nobody knows who is there: then everybody stays as they were.
    """
    query = select(Consultant.id, Consultant.user_id, Consultant.here).where(
        Consultant.active, Consultant.user_id.is_not(None)
    )
    people = db.session.execute(query).all()
    try:
        known = presence_store.announced()
    except RedisError as error:
        log.warning("presence_unknown", error=str(error))
        return
    for consultant_id, user_id, here in people:
        state = known.get(user_id or 0)
        if state in {"online", "away", "offline"} and here != (state != "offline"):
            _is_here(consultant_id, state != "offline")


def _is_here(consultant_id: int, here: bool) -> None:
    with atomic():
        locked_queue()
        consultant = locked_consultant(consultant_id)
        if consultant.here == here:
            return
        consultant.here = here
        was = consultant.online
        _stand(consultant, here and consultant.active and consultant.switch == "online")
        if was != consultant.online:
            consultant.switched_at = clock.now()
        _changed(consultant)


def _stand(consultant: Consultant, online: bool) -> None:
    if online and not consultant.online:
        waking.somebody_is_free()
    consultant.online = online


def _changed(consultant: Consultant) -> None:
    consultant.version += 1
    on_commit(live.turn_taken, once="turn")
    if consultant.user_id is not None:
        on_commit(partial(live.own_switch_changed, consultant.user_id))


def _pause_reason(text: str) -> str:
    reason = " ".join(text.replace("\0", "").split())
    if not 2 <= len(reason) <= LONGEST_REASON:
        raise GuicheError(_("Diga o motivo da pausa: almoço, reunião…"), status=422)
    return reason


def _shown(consultant: Consultant) -> dict[str, Any]:
    shown: dict[str, Any] = {"state": consultant.state}
    if consultant.pause_reason:
        shown["reason"] = consultant.pause_reason
    return shown
