"""The files of imports and exports: in the storage of all files, as long as their rows need them.

Those that were kept before lie in the rows themselves.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import structlog
from flask_babel import gettext as _
from sqlalchemy import select

from app.contacts.transfers.models import ContactExport, ContactImport
from app.errors import Conflict, GuicheError
from app.extensions import db
from app.media.storage import StorageError, new_key, storage
from app.transactions import atomic

log = structlog.get_logger()

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SWEEP_MOST = 50


def keep(file: Path, kind: str) -> str:
    """Store a file; its key. Raises GuicheError when the storage is away."""
    key = new_key()
    try:
        storage().put(key, file, kind)
    except StorageError as error:
        log.warning("transfer_not_kept", reason=str(error))
        words = _("Não foi possível guardar o arquivo agora. Tente de novo.")
        raise GuicheError(words, status=503) from None
    return key


def keep_bytes(content: bytes) -> str:
    """The same for what was uploaded."""
    kind = XLSX if content.startswith(b"PK") else CSV
    with tempfile.NamedTemporaryFile(prefix="guiche-import-") as file:
        file.write(content)
        file.flush()
        return keep(Path(file.name), kind)


def uploaded(made: ContactImport) -> bytes:
    """What was uploaded. Raises GuicheError when it is gone, StorageError when it is away."""
    if made.content_key is None:
        if made.content is None:
            raise GuicheError(_("O arquivo já não está guardado. Envie-o de novo."))
        return made.content
    return b"".join(storage().read(made.content_key, 0, made.content_size))


def chunks(made: ContactExport) -> Iterator[bytes]:
    """A finished export, piece by piece. Raises Conflict when it is gone or away."""
    if made.content_key is None:
        if made.content is None:
            raise _gone()
        return iter([made.content])
    try:
        return storage().read(made.content_key, 0, made.content_size)
    except StorageError:
        raise _gone() from None


def _gone() -> Conflict:
    return Conflict(_("Este arquivo já não está disponível. Exporte de novo."))


def forget_needless() -> None:
    """Delete the files of imports whose rows are kept and of exports that expired.

    The key goes after the file: what is cut short between them is done again.
    """
    imports = select(ContactImport).where(
        ContactImport.content_key.is_not(None), ContactImport.state.not_in(("mapping", "queued"))
    )
    exports = select(ContactExport).where(
        ContactExport.content_key.is_not(None), ContactExport.state.in_(("expired", "failed"))
    )
    for query in (imports, exports):
        with atomic():
            held = query.limit(SWEEP_MOST).with_for_update(skip_locked=True)
            for made in db.session.scalars(held).all():
                _delete(made)


def _delete(made: ContactImport | ContactExport) -> None:
    try:
        storage().delete(made.content_key or "")
    except StorageError as error:
        log.warning("transfer_not_deleted", reason=str(error))
        return
    made.content_key = None
