"""From a stream of bytes to a stored file whose type is known."""

import hashlib
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from flask_babel import gettext as _

from app.errors import GuicheError
from app.extensions import current_settings
from app.media.downloading import too_large_text
from app.media.sniffing import EXTENSIONS, HEAD_BYTES, sniff
from app.media.storage import CHUNK, StorageError, new_key, storage

MAX_NAME = 120


@dataclass(frozen=True, slots=True)
class Kept:
    """What was stored."""

    key: str
    type: str
    size: int
    sha256: str


def keep_bytes(content: BinaryIO) -> Kept:
    """Store a stream. Raises GuicheError when it is empty or too large, or the storage is away."""
    with work_folder() as folder:
        file = folder / "upload"
        size, digest = _spooled(content, file)
        if size == 0:
            raise GuicheError(_("O arquivo está vazio."), status=422)
        found = type_of(file)
        key = new_key()
        try:
            storage().put(key, file, found)
        except StorageError:
            raise GuicheError(
                _("Não foi possível guardar o arquivo agora. Tente de novo."), status=503
            ) from None
    return Kept(key, found, size, digest)


def type_of(file: Path) -> str:
    """What a file is, by its first bytes."""
    with file.open("rb") as stream:
        return sniff(stream.read(HEAD_BYTES))


@contextmanager
def work_folder() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="guiche-media-") as folder:
        yield Path(folder)


def _spooled(content: BinaryIO, file: Path) -> tuple[int, str]:
    limit, size, digest = current_settings().media_max_bytes, 0, hashlib.sha256()
    with file.open("wb") as target:
        while chunk := content.read(CHUNK):
            size += len(chunk)
            if size > limit:
                raise GuicheError(too_large_text(limit), status=413)
            digest.update(chunk)
            target.write(chunk)
    return size, digest.hexdigest()


def clean_name(name: str) -> str:
    """An outsider's file name as one harmless line: no paths, no control or reordering letters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    kept = " ".join(kept.split()).strip(". ")
    if len(kept) <= MAX_NAME:
        return kept
    stem, dot, extension = kept.rpartition(".")
    if dot and len(extension) <= 10:
        return stem[: MAX_NAME - len(extension) - 1] + dot + extension
    return kept[:MAX_NAME]


def named(name: str, kind: str, found: str, number: int) -> str:
    """The name under which it is downloaded; an invented one for what came without."""
    extension = EXTENSIONS.get(found, "")
    if name:
        return name
    return f"{kind}-{number}" + (f".{extension}" if extension else "")
