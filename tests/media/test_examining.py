"""Hostile and broken files: what becomes of them, and that the worker outlives them."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from app.media import examining
from app.media.sniffing import kind_of_upload, shown_as, sniff
from app.seed import samples

IPHONE = Path(__file__).with_name("photo.heic")  # a drawing, on its side

pytestmark = pytest.mark.usefixtures("context")


def look(tmp_path: Path, kind: str, content: bytes) -> examining.Findings:
    file = tmp_path / "file"
    file.write_bytes(content)
    return examining.examine(kind, file, tmp_path / "small")


def test_a_photo_on_its_side_is_turned_and_its_small_copy_knows_no_place(tmp_path: Path) -> None:
    image = Image.open(io.BytesIO(samples.picture(400, 200)))
    exif = image.getexif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "S"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)

    found = look(tmp_path, "image/jpeg", out.getvalue())
    assert (found.width, found.height) == (200, 400)
    small = Image.open(tmp_path / "small")
    assert small.size == (200, 400)
    assert not small.getexif()


def test_a_picture_of_an_iphone_is_turned_and_shown_by_its_copy(tmp_path: Path) -> None:
    found = look(tmp_path, "image/heic", IPHONE.read_bytes())
    assert (found.width, found.height) == (240, 320)
    small = Image.open(tmp_path / "small")
    assert (small.format, small.size) == ("WEBP", (240, 320))
    assert not small.getexif()


def test_a_document_is_shown_by_its_first_page(tmp_path: Path) -> None:
    found = look(tmp_path, "application/pdf", samples.pdf("Contrato", "de compra e venda"))
    assert (found.width, found.height, found.pages) == (595, 842, 1)
    small = Image.open(tmp_path / "small")
    assert small.width == 640
    assert len(small.convert("L").getcolors() or []) > 2, "there is text on it"


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that claims to be enormous."""

    def part(name: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + part(b"IHDR", head)
        + part(b"IDAT", zlib.compress(bytes(1000)))
        + part(b"IEND", b"")
    )


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    found = look(tmp_path, "image/png", bomb(60_000, 60_000))
    assert found.bomb
    assert not found.has_thumbnail


@pytest.mark.parametrize(
    "kind", ["image/jpeg", "image/heic", "application/pdf", "audio/ogg", "video/mp4", "audio/mpeg"]
)
def test_a_broken_file_is_a_fault_and_not_an_end(tmp_path: Path, kind: str) -> None:
    found = look(tmp_path, kind, bytes(range(256)) * 40)
    assert found.fault
    assert not found.bomb


def test_a_playlist_opens_nothing_else(tmp_path: Path) -> None:
    secret = tmp_path / "secret.ogg"
    secret.write_bytes(samples.voice(1))
    found = look(tmp_path, "audio/ogg", f"#EXTM3U\n#EXTINF:1,\nfile://{secret}\n".encode())
    assert found.fault


def test_a_browser_s_recording_becomes_a_voice_note(tmp_path: Path) -> None:
    source, target = tmp_path / "recorded", tmp_path / "voice.ogg"
    source.write_bytes(samples.voice(2))
    found = examining.to_voice_note("audio/ogg", source, target)
    assert found.seconds == pytest.approx(2, abs=0.1)
    assert target.read_bytes().startswith(b"OggS")
    assert b"OpusHead" in target.read_bytes()[:200]


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (samples.picture(8, 8), "image/jpeg"),
        (samples.sticker(), "image/webp"),
        (b"\0\0\0\x1cftypheic\0\0\0\0mif1heicmiaf", "image/heic"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf", "image/avif"),
        (samples.voice(0.2), "audio/ogg"),
        (samples.pdf("a"), "application/pdf"),
        (b"  \n<!DOCTYPE html><p>", "text/html"),
        (b"\xef\xbb\xbf<html>", "text/html"),
        (b"<?xml version='1.0'?><svg/>", "image/svg+xml"),
        (b"<?xml version='1.0'?><nota/>", "text/xml"),
        (b"MZ" + bytes(60), "application/x-executable"),
        (b"\x7fELF", "application/x-executable"),
        (b"#!/bin/sh\n", "text/x-script"),
        (b"#!AMR\n", "audio/amr"),
        ("nome;valor\nção;1".encode(), "text/plain"),
        (b"\x00\x01\x02\x03" * 9, "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_a_file_is_what_its_content_says(head: bytes, kind: str) -> None:
    assert sniff(head[:4096]) == kind


def test_a_claim_never_makes_more_of_a_file() -> None:
    assert shown_as("application/pdf", "image") == "document"
    assert shown_as("image/png", "document") == "document"
    assert (shown_as("image/heic", "image"), kind_of_upload("image/heic")) == ("image", "document")
    assert shown_as("image/webp", "sticker") == "sticker"
    assert shown_as("video/mp4", "audio") == "audio"
    assert shown_as("text/html", "video") == "document"
