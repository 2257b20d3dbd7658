"""Files in an S3-compatible bucket. Objects appear whole: S3 shows no half-written ones."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from app.media.storage import CHUNK, StorageError
from app.settings import Settings

# One thread: gevent's web processes and the workers' jobs bring their own concurrency.
_TRANSFER = TransferConfig(use_threads=False)
_clients: dict[tuple[str, ...], Any] = {}


class S3Storage:
    """Objects of one bucket below one prefix."""

    def __init__(self, settings: Settings) -> None:
        self.bucket, self.prefix = settings.s3_bucket, settings.s3_prefix
        self._client = _client(settings)

    def put(self, key: str, file: Path, content_type: str) -> None:
        """Uploaded, in parts when it is large."""
        with _errors():
            self._client.upload_file(
                str(file),
                self.bucket,
                self.prefix + key,
                ExtraArgs={"ContentType": content_type or "application/octet-stream"},
                Config=_TRANSFER,
            )

    def read(self, key: str, start: int, length: int) -> Iterator[bytes]:
        """A ranged GET, answered before this returns."""
        wanted = f"bytes={start}-{start + length - 1}"
        with _errors():
            answer = self._client.get_object(
                Bucket=self.bucket, Key=self.prefix + key, Range=wanted
            )

        def chunks() -> Iterator[bytes]:
            body = answer["Body"]
            try:
                with _errors():
                    yield from body.iter_chunks(CHUNK)
            finally:
                body.close()

        return chunks()

    def save_to(self, key: str, file: Path) -> None:
        """Downloaded."""
        with _errors():
            self._client.download_file(self.bucket, self.prefix + key, str(file), Config=_TRANSFER)

    def delete(self, key: str) -> None:
        """Deleted; S3 knows no error for what is not there."""
        with _errors():
            self._client.delete_object(Bucket=self.bucket, Key=self.prefix + key)


class _errors:
    """S3's errors as ours, without the addresses and ids that theirs quote."""

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: Any
    ) -> None:
        if isinstance(error, ClientError):
            code = error.response.get("Error", {}).get("Code", "?")
            raise StorageError(f"S3 refused: {code}") from error
        if isinstance(error, Boto3Error):
            raise StorageError("S3 refused the upload") from error
        if isinstance(error, (BotoCoreError, OSError)):
            raise StorageError(f"S3 failed: {type(error).__name__}") from error


def _client(settings: Settings) -> Any:
    """One client a process: making one reads a megabyte of descriptions."""
    given = (settings.s3_region, settings.s3_endpoint, settings.s3_access_key_id)
    if given not in _clients:
        _clients[given] = boto3.session.Session().client(
            "s3",
            region_name=settings.s3_region or None,
            endpoint_url=settings.s3_endpoint or None,
            # Empty: boto3 finds the credentials of the machine itself.
            aws_access_key_id=settings.s3_access_key_id or None,
            aws_secret_access_key=settings.s3_secret_access_key or None,
            config=Config(
                connect_timeout=5,
                read_timeout=30,
                retries={"max_attempts": 3},
                # Many S3-compatible stores know only these.
                s3={"addressing_style": "path" if settings.s3_endpoint else "auto"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )
    return _clients[given]
