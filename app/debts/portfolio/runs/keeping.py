"""The files of runs: in the storage of all files, as long as their rows need them."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import structlog
from flask_babel import gettext as _
from sqlalchemy import delete, or_, select

from app import clock
from app.debts.portfolio.runs import queries
from app.debts.portfolio.runs.models import PortfolioPart, PortfolioRun
from app.errors import Conflict, GuicheError
from app.extensions import db
from app.media.storage import StorageError, new_key, storage
from app.transactions import atomic, on_commit

log = structlog.get_logger()

BYTES = "application/octet-stream"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LASTS = timedelta(days=90)
SWEEP_MOST = 50


def keep(file: Path, kind: str = BYTES) -> str:
    """Store a file; its key. Raises GuicheError when the storage is away."""
    key = new_key()
    try:
        storage().put(key, file, kind)
    except StorageError as error:
        log.warning("portfolio_not_kept", reason=str(error))
        words = _("Não foi possível guardar o arquivo agora. Tente de novo.")
        raise GuicheError(words, status=503) from None
    return key


@contextmanager
def fetched(key: str) -> Iterator[Path]:
    """A kept file on this machine, for as long as the block. Raises StorageError."""
    with tempfile.NamedTemporaryFile(prefix="guiche-carteira-") as file:
        storage().save_to(key, Path(file.name))
        yield Path(file.name)


def save(key: str, file: Path) -> None:
    """A kept file copied to a place here. Raises StorageError."""
    storage().save_to(key, file)


def forget(key: str) -> None:
    """Delete a kept file after the commit under way."""
    on_commit(partial(_delete, key))


def chunks(key: str | None, size: int) -> Iterator[bytes]:
    """A kept file, piece by piece. Raises Conflict when it is gone or away."""
    try:
        if key is not None:
            return storage().read(key, 0, size)
    except StorageError as error:
        log.warning("portfolio_not_read", reason=str(error))
    raise Conflict(_("Este arquivo já não está disponível."))


def forget_input(made: PortfolioRun) -> None:
    """What was uploaded and read is needed no more: it goes after the commit under way."""
    keys = [one.key for one in queries.parts(made.id)]
    if made.content_key:
        keys.append(made.content_key)
    made.content_key = None
    db.session.execute(delete(PortfolioPart).where(PortfolioPart.run_id == made.id))
    for key in keys:
        forget(key)


def _delete(key: str) -> None:
    try:
        storage().delete(key)
    except StorageError as error:
        log.warning("portfolio_not_deleted", reason=str(error), key=key)


def forget_old() -> None:
    """Delete runs that ended long ago with everything of theirs, and uploads nobody started."""
    old = clock.now() - LASTS
    query = (
        select(PortfolioRun)
        .where(
            or_(
                PortfolioRun.finished_at < old,
                PortfolioRun.state.in_(("mapping", "failed")) & (PortfolioRun.made_at < old),
            )
        )
        .limit(SWEEP_MOST)
        .with_for_update(skip_locked=True)
    )
    with atomic() as session:
        for made in session.scalars(query).all():
            forget_input(made)
            for key in (made.result_key, made.sheet_key):
                if key:
                    forget(key)
            session.delete(made)
