"""The files of imports: in the storage of all files, as long as their rows need them.

Those that were kept before lie in the rows themselves.
"""

import tempfile
from pathlib import Path

import structlog
from flask_babel import gettext as _
from sqlalchemy import select

from app.contacts.transfers.models import ContactImport
from app.errors import GuicheError
from app.exports.sheets import CSV, XLSX
from app.extensions import db
from app.media.storage import StorageError, new_key, storage
from app.transactions import atomic

log = structlog.get_logger()

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


def forget_needless() -> None:
    """Delete the files of imports whose rows are kept.

    The key goes after the file: what is cut short between them is done again.
    """
    imports = select(ContactImport).where(
        ContactImport.content_key.is_not(None), ContactImport.state.not_in(("mapping", "queued"))
    )
    with atomic():
        held = imports.limit(SWEEP_MOST).with_for_update(skip_locked=True)
        for made in db.session.scalars(held).all():
            _delete(made)


def _delete(made: ContactImport) -> None:
    try:
        storage().delete(made.content_key or "")
    except StorageError as error:
        log.warning("transfer_not_deleted", reason=str(error))
        return
    made.content_key = None
