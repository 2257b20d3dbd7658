"""Where bytes lie: the same promises from a folder and from a store that speaks S3."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.media.models import Attachment
from app.media.s3 import S3Storage
from app.media.storage import FolderStorage, Storage, StorageError
from app.settings import Settings, SettingsError, load_settings
from tests.cast import Cast
from tests.media.conftest import PHOTO
from tests.running import Running
from tests.telling import Login


def in_bucket(settings: Settings, url: str, key_id: str = "AKIA-DEMO") -> Settings:
    wishes = {
        "media_storage": "s3",
        "s3_bucket": "arquivos",
        "s3_prefix": "guiche/",
        "s3_region": "us-east-1",
        "s3_endpoint": f"{url}/s3",
        "s3_access_key_id": key_id,
        "s3_secret_access_key": "only-of-the-double",
    }
    return settings.model_copy(update=wishes)


@pytest.fixture(params=["folder", "s3"])
def place(request: pytest.FixtureRequest, app: Flask, running: Running, tmp_path: Path) -> Storage:
    """Each kind of place, empty."""
    if request.param == "folder":
        return FolderStorage(tmp_path / "kept")
    return S3Storage(in_bucket(app.config["SETTINGS"], running.sandbox()))


def test_what_is_put_is_read_whole_in_part_and_no_more(place: Storage, tmp_path: Path) -> None:
    file, key = tmp_path / "file", f"2026-11/{secrets.token_hex(8)}"
    content = secrets.token_bytes(9_000_000)  # S3 takes this in two parts
    file.write_bytes(content)
    place.put(key, file, "image/jpeg")

    assert b"".join(place.read(key, 0, len(content))) == content
    assert b"".join(place.read(key, 100, 70_000)) == content[100:70_100]
    place.save_to(key, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == content
    file.write_bytes(b"another")
    place.put(key, file, "")
    assert b"".join(place.read(key, 0, 7)) == b"another"
    place.delete(key)
    place.delete(key)
    with pytest.raises(StorageError):
        place.read(key, 0, 1)
    with pytest.raises(StorageError):
        place.save_to(key, tmp_path / "copy")


def test_no_key_leads_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"x")
    with pytest.raises(StorageError):
        FolderStorage(tmp_path / "kept").read("../secret", 0, 1)


def test_a_store_that_refuses_or_is_away_says_so(
    app: Flask, running: Running, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"x")
    settings = app.config["SETTINGS"]
    with pytest.raises(StorageError, match="refused"):
        S3Storage(in_bucket(settings, running.sandbox(), "AKIA-WRONG")).put("a", file, "")
    with pytest.raises(StorageError, match="failed"):
        S3Storage(in_bucket(settings, "http://127.0.0.1:9")).put("a", file, "")


@pytest.fixture
def bucket(app: Flask, running: Running) -> Iterator[None]:
    """The product keeps its files in the bucket."""
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = in_bucket(before, running.sandbox())
    yield
    app.config["SETTINGS"] = before


@pytest.mark.usefixtures("channel", "bucket")
def test_a_customer_s_photo_comes_out_of_the_bucket(
    sends: Callable[..., None],
    work: Callable[..., int],
    attachment: Callable[[], Attachment],
    cast: Cast,
    login_as: Login,
) -> None:
    sends("image", PHOTO)
    work("sync")
    ana = login_as(cast.ana)
    assert ana.get(f"/midia/{attachment().id}").data == PHOTO
    part = ana.get(f"/midia/{attachment().id}", headers={"Range": "bytes=5-9"})
    assert (part.status_code, part.data) == (206, PHOTO[5:10])
    assert ana.get(f"/midia/{attachment().id}/miniatura").status_code == 200


def test_a_bucket_without_a_name_stops_the_start() -> None:
    wishes = {"database_url": "postgresql://x/y", "redis_url": "redis://x", "media_storage": "s3"}
    with pytest.raises(SettingsError, match="S3_BUCKET"):
        load_settings(wishes)
