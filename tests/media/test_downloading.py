"""Addresses that outsiders supply lead nowhere into our own network, and never without end."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.media import downloading
from app.media.downloading import FetchError, fetch
from tests.integrations.provider import Provider, answer, running_provider

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def server() -> Iterator[Provider]:
    with running_provider() as provider:
        yield provider


@pytest.fixture
def closed(app: Flask) -> Iterator[None]:
    """No private network is allowed, as in production."""
    settings = app.config["SETTINGS"]
    before, settings.media_private_networks = settings.media_private_networks, ""
    yield
    settings.media_private_networks = before


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a",
        "https://127.1/a",
        "https://[::1]/a",
        "https://[::ffff:10.0.0.1]/a",
        "https://10.0.0.5/a",
        "https://192.168.1.1/a",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.64.0.1/a",
        "https://0.0.0.0/a",
        "https://[fd00::1]/a",
        "https://[64:ff9b::7f00:1]/a",
        "https://localhost/a",
        "https://2130706433/a",
        "http://8.8.8.8/a",
        "ftp://8.8.8.8/a",
        "file:///etc/passwd",
        "https://user:secret@8.8.8.8/a",
        "https://8.8.8.8:0/a",
        "https://8.8.8.8:99999/a",
        "https:// 8.8.8.8/a",
        "https://",
        "x" * 5000,
    ],
)
def test_no_address_leads_inside(tmp_path: Path, url: str) -> None:
    with pytest.raises(FetchError, match="não é permitido"):
        fetch(url, tmp_path / "file")


@pytest.mark.usefixtures("closed")
def test_a_name_with_one_inner_address_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resolve(host: str, port: int, **_: object) -> list[object]:
        return [(2, 1, 6, "", ("8.8.8.8", port)), (2, 1, 6, "", ("10.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(FetchError, match="não é permitido"):
        fetch("https://exemplo.invalid/a", tmp_path / "file")


def test_a_redirect_is_judged_like_an_address(tmp_path: Path, server: Provider) -> None:
    server.reply = answer(302, b"", "Location: http://169.254.169.254/latest/\r\n")
    with pytest.raises(FetchError, match="não é permitido"):
        fetch(f"{server.url}/a", tmp_path / "file")


def test_a_redirect_in_a_ring_ends(tmp_path: Path, server: Provider) -> None:
    server.reply = answer(302, b"", "Location: /again\r\n")
    with pytest.raises(FetchError):
        fetch(f"{server.url}/a", tmp_path / "file")
    assert len(server.requests) == downloading.MAX_REDIRECTS + 1


def test_the_name_is_resolved_once_and_that_address_is_called(
    tmp_path: Path, server: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(server.url.rpartition(":")[2])
    asked: list[str] = []
    real = socket.getaddrinfo

    def resolve(host: str, *rest: object, **more: object) -> object:
        if host == "arquivos.exemplo.invalid":
            asked.append(host)
            return [(2, 1, 6, "", ("127.0.0.1" if len(asked) == 1 else "10.0.0.1", port))]
        return real(host, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    server.reply = answer(200, b"abc")
    assert fetch(f"http://arquivos.exemplo.invalid:{port}/a", tmp_path / "file").size == 3
    assert asked == ["arquivos.exemplo.invalid"]
    assert b"Host: arquivos.exemplo.invalid" in server.requests[0]


@pytest.mark.parametrize("announced", [True, False])
def test_what_is_too_large_is_cut_off(
    app: Flask, tmp_path: Path, server: Provider, announced: bool
) -> None:
    settings = app.config["SETTINGS"]
    before, settings.media_max_bytes = settings.media_max_bytes, 1000
    whole = answer(200, bytes(5000))
    server.reply = whole if announced else whole.replace(b"Content-Length: 5000\r\n", b"")
    try:
        with pytest.raises(FetchError, match="tamanho permitido") as refused:
            fetch(f"{server.url}/a", tmp_path / "file")
    finally:
        settings.media_max_bytes = before
    assert refused.value.permanent


def test_what_is_cut_short_is_not_taken_for_whole(tmp_path: Path, server: Provider) -> None:
    server.reply = answer(200, b"half").replace(b"Content-Length: 4", b"Content-Length: 8")
    with pytest.raises(FetchError, match="Não foi possível chegar"):
        fetch(f"{server.url}/a", tmp_path / "file")
