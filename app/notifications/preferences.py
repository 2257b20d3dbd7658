"""How each person wants to be told; nothing else writes these rows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app import clock
from app.accounts.models import User
from app.errors import GuicheError
from app.extensions import db
from app.notifications import live
from app.notifications.kinds import KINDS, WAYS, kinds_for
from app.notifications.models import Wishes
from app.transactions import atomic, on_commit

REPEATS = (0, 10, 20, 30, 60, 120, 300)  # seconds; 0: once
LONGEST_PAUSE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a form says."""

    muted: Mapping[str, Collection[str]]  # by way: "bell", "sound", "desktop"
    volume: int
    repeat_seconds: int
    quiet: tuple[int, int] | None  # minutes of the day
    shortcuts: bool = True


def of(user_id: int) -> Wishes:
    """What this person chose, or (not in the database) what holds for whoever chose nothing."""
    found = db.session.get(Wishes, user_id)
    return found if found is not None else Wishes(user_id=user_id, **_unchosen())


def _unchosen() -> dict[str, object]:
    muted = {f"muted_{way}": [kind.key for kind in KINDS if way in kind.quiet] for way in WAYS}
    return {**muted, "volume": 60, "repeat_seconds": 30, "shortcuts": True, "version": 0}


def muted(wishes: Wishes, way: str) -> list[str]:
    """The kinds that do not come this way."""
    kinds: list[str] = getattr(wishes, f"muted_{way}")
    return kinds


def save(person: User, chosen: Chosen) -> Wishes:
    """Keep a form. Raises GuicheError for what cannot be."""
    if chosen.repeat_seconds not in REPEATS or not 0 <= chosen.volume <= 100:
        raise GuicheError(_("Escolha um dos intervalos e um volume de 0 a 100."), status=422)
    if chosen.quiet is not None and chosen.quiet[0] == chosen.quiet[1]:
        raise GuicheError(_("O silêncio precisa de um começo e de um fim diferentes."), status=422)
    known = [kind.key for kind in kinds_for(person)]
    values: dict[str, object] = {
        f"muted_{way}": [key for key in known if key in chosen.muted[way]] for way in WAYS
    }
    start, end = chosen.quiet or (None, None)
    values |= {"volume": chosen.volume, "repeat_seconds": chosen.repeat_seconds}
    values["shortcuts"] = chosen.shortcuts
    return _write(person.id, values | {"quiet_from": start, "quiet_until": end})


def pause(person: User, minutes: int) -> Wishes:
    """Neither sound nor notices for so long; 0 ends it. The bell goes on counting."""
    if not timedelta() <= timedelta(minutes=minutes) <= LONGEST_PAUSE:
        raise GuicheError(_("Escolha até quando não quer ser perturbado."), status=422)
    until = clock.now() + timedelta(minutes=minutes) if minutes else None
    return _write(person.id, {"disturb_after": until})


def is_paused(wishes: Wishes) -> datetime | None:
    """Until when this person is not to be disturbed; None when they may be."""
    until = wishes.disturb_after
    return until if until is not None and until > clock.now() else None


def _write(user_id: int, values: dict[str, object]) -> Wishes:
    first = {**_unchosen(), **values, "user_id": user_id, "version": 1}
    with atomic():
        row = insert(Wishes).values(**first)
        again = {**values, "version": Wishes.version + 1}
        db.session.execute(row.on_conflict_do_update(index_elements=["user_id"], set_=again))
        on_commit(partial(live.bell_changed, [user_id]), once=("bell", user_id))
        stored = select(Wishes).where(Wishes.user_id == user_id)
        return db.session.scalars(stored.execution_options(populate_existing=True)).one()
