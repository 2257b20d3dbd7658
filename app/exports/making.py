"""Making the files that were asked for, and forgetting them after a day."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

import structlog
from flask_babel import gettext as _
from sqlalchemy import or_, select

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.errors import Conflict, NotFound
from app.exports.models import ExportFile
from app.exports.sheets import XLSX, Cells, write_xlsx
from app.extensions import current_settings, db
from app.media.storage import StorageError, new_key, storage
from app.queueing import enqueue
from app.transactions import atomic, on_commit

log = structlog.get_logger()

LASTS = timedelta(hours=24)
TRIES = 5
AT_ONCE = 50

Made = TypeVar("Made", bound=ExportFile)


@dataclass(frozen=True, slots=True)
class Kind(Generic[Made]):
    """One list that can be exported: its table, its rows with the titles first, what its sheets are
    called, the job that makes it, and how screens hear of it."""

    model: type[Made]
    rows: Callable[[Made], Iterator[Cells]]
    name: Callable[[], str]
    job: str
    changed: Callable[[Made], None]


def record(by: User, action: str, entity: str, arguments: dict[str, str], **told: Any) -> None:
    """Put on record that a list is taken out, with its filter and how many there are."""
    said = "; ".join(f"{name}={text}" for name, text in arguments.items())
    audit.record(by, action, entity, "list", None, {**told, "filter": said})


def ask(kind: Kind[Made], by: User, arguments: dict[str, str], total: int, **more: Any) -> Made:
    """Let a worker make the file, in the transaction under way."""
    made = kind.model()
    made.made_by_id, made.made_at, made.worked_at = by.id, clock.now(), clock.now()
    made.filter, made.total = arguments, total
    for name, value in more.items():
        setattr(made, name, value)
    db.session.add(made)
    db.session.flush()
    on_commit(partial(_wake, kind, made.id))
    return made


def run(kind: Kind[Made], export_id: int) -> None:
    """A worker's turn: write the file. Begun anew when the worker before it died."""
    if not _begin(kind, export_id):
        return
    made = db.session.get_one(kind.model, export_id)
    with tempfile.NamedTemporaryFile(prefix="guiche-export-", suffix=".xlsx") as file:
        path = Path(file.name)
        total = write_xlsx(path, kind.rows(made), kind.name(), partial(_progress, kind, export_id))
        key, size = new_key(".xlsx"), path.stat().st_size
        storage().put(key, path, XLSX)
    with atomic():
        made = _locked(kind, export_id)
        if made.content_key is not None:  # another worker's, which was thought dead
            storage().delete(made.content_key)
        made.content_key, made.content_size, made.state = key, size, "done"
        made.done = made.total = total
        made.expires_at = clock.now() + LASTS
        _announce(kind, made)


def _begin(kind: Kind[Made], export_id: int) -> bool:
    with atomic():
        made = _locked(kind, export_id)
        if made.state not in ("queued", "running"):
            return False
        made.attempts += 1
        made.done, made.worked_at = 0, clock.now()
        made.state = "running" if made.attempts <= TRIES else "failed"
        _announce(kind, made)
        return made.state == "running"


def _progress(kind: Kind[Made], export_id: int, done: int) -> None:
    with atomic():
        made = _locked(kind, export_id)
        made.done, made.worked_at = done, clock.now()
        _announce(kind, made)


def find(kind: Kind[Made], export_id: int, by: User) -> Made:
    """An export of this person's own; raises NotFound."""
    made = db.session.get(kind.model, export_id)
    if made is None or made.made_by_id != by.id:
        raise NotFound
    return made


def content_of(kind: Kind[Made], export_id: int, by: User) -> tuple[Iterator[bytes], int]:
    """The file in chunks and its size, for who asked for it. Raises NotFound, Conflict."""
    made = find(kind, export_id, by)
    expired = made.expires_at is not None and made.expires_at < clock.now()
    if made.state != "done" or expired or made.content_key is None:
        raise _gone()
    try:
        return storage().read(made.content_key, 0, made.content_size), made.content_size
    except StorageError:
        raise _gone() from None


def _gone() -> Conflict:
    return Conflict(_("Este arquivo já não está disponível. Exporte de novo."))


def redrive(kind: Kind[Made]) -> None:
    """Wake what no worker was at for a while; forget files that nobody may fetch any more."""
    model, patience = kind.model, timedelta(seconds=current_settings().sweep_after_seconds * 6)
    stuck = select(model.id).where(
        model.state.in_(("queued", "running")),
        or_(model.worked_at.is_(None), model.worked_at < clock.now() - patience),
    )
    for export_id in db.session.scalars(stuck.order_by(model.id)).all():
        _wake(kind, export_id)
    needless = or_(
        (model.state == "done") & (model.expires_at < clock.now()),
        model.state.in_(("expired", "failed")) & model.content_key.is_not(None),
    )
    for export_id in db.session.scalars(select(model.id).where(needless).limit(AT_ONCE)).all():
        with atomic():
            _forget(kind, _locked(kind, export_id))


def _forget(kind: Kind[Made], made: Made) -> None:
    """The key goes after the file: what is cut short between them is done again."""
    made.state = "expired" if made.state == "done" else made.state
    if made.content_key is not None:
        try:
            storage().delete(made.content_key)
        except StorageError as error:
            log.warning("export_not_deleted", reason=str(error))
        else:
            made.content_key = None
    _announce(kind, made)


def _announce(kind: Kind[Made], made: Made) -> None:
    made.version += 1
    on_commit(partial(kind.changed, made), once=(kind.job, made.id))


def _wake(kind: Kind[Made], export_id: int) -> None:
    enqueue(kind.job, export_id, queue="bulk")


def _locked(kind: Kind[Made], export_id: int) -> Made:
    made = db.session.get(kind.model, export_id, with_for_update=True, populate_existing=True)
    if made is None:
        raise NotFound
    return made
