"""Where the bytes lie: a folder that all processes share, or an S3-compatible bucket.

Keys are drawn here and cannot be guessed. What is put becomes visible whole or not at all.
"""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from app import clock
from app.extensions import current_settings
from app.settings import Settings

CHUNK = 65_536


class StorageError(Exception):
    """The storage could not be reached, or does not hold what was asked for."""


class Storage(Protocol):
    """What every place for files can do; each raises StorageError."""

    def put(self, key: str, file: Path, content_type: str) -> None:
        """Keep a copy of a file under the key."""

    def read(self, key: str, start: int, length: int) -> Iterator[bytes]:
        """The bytes from `start` on, in chunks. Raises at once when the key is not there."""

    def save_to(self, key: str, file: Path) -> None:
        """Copy the whole to a file here."""

    def delete(self, key: str) -> None:
        """Forget it; one that is not there is no error."""


def new_key(suffix: str = "") -> str:
    """A key that nobody can guess, by month so that folders stay small."""
    return f"{clock.now():%Y-%m}/{secrets.token_hex(24)}{suffix}"


def storage() -> Storage:
    """The place that the settings name."""
    settings = current_settings()
    if settings.media_storage == "s3":
        # boto3 costs every process 50 MB: only those who use it pay.
        from app.media.s3 import S3Storage

        return S3Storage(settings)
    return FolderStorage(folder_of(settings))


def folder_of(settings: Settings) -> Path:
    """The folder of the settings; in development one beside the code."""
    default = Path(__file__).resolve().parents[2] / ".data" / "media"
    return Path(settings.media_folder) if settings.media_folder else default


class FolderStorage:
    """Files below one folder, named by their keys."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, file: Path, content_type: str) -> None:
        """Written beside its place, flushed, then renamed into it."""
        target = self._path(key)
        try:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as beside:
                try:
                    with file.open("rb") as source:
                        shutil.copyfileobj(source, beside, CHUNK)
                    beside.flush()
                    os.fsync(beside.fileno())
                    Path(beside.name).replace(target)
                except BaseException:
                    Path(beside.name).unlink(missing_ok=True)
                    raise
        except OSError as error:
            raise StorageError(f"cannot write: {error.strerror}") from error

    def read(self, key: str, start: int, length: int) -> Iterator[bytes]:
        """Opened at once, so that a missing file is known before the answer begins."""
        try:
            source = self._path(key).open("rb")
        except OSError as error:
            raise StorageError(f"cannot read: {error.strerror}") from error

        def chunks() -> Iterator[bytes]:
            left = length
            with source:
                source.seek(start)
                while left > 0 and (chunk := source.read(min(CHUNK, left))):
                    left -= len(chunk)
                    yield chunk

        return chunks()

    def save_to(self, key: str, file: Path) -> None:
        """Copied, so that whoever works on it cannot change what is kept."""
        try:
            shutil.copyfile(self._path(key), file)
        except OSError as error:
            raise StorageError(f"cannot read: {error.strerror}") from error

    def delete(self, key: str) -> None:
        """Unlinked."""
        try:
            self._path(key).unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(f"cannot delete: {error.strerror}") from error

    def _path(self, key: str) -> Path:
        path = (self.root / key).resolve()
        if not path.is_relative_to(self.root.resolve()):
            raise StorageError("a key outside of the folder")
        return path
