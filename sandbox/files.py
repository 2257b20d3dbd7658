"""The files that customers send or are sent: kept a while and served as Z-API's storage would."""

import base64
import binascii
import mimetypes
import secrets
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import gevent
from flask import Blueprint, Flask, Response, abort, request

from sandbox.requests_in import BadRequest, text, whole
from sandbox.samples import NAMES, sample
from sandbox.settings import Settings
from sandbox.store import Row, Store, now_ms

KEPT_MS = 30 * 86_400_000  # Z-API deletes files after 30 days
FAULTS = ("missing", "slow", "huge", "html", "empty", "failing", "cut", "redirect", "private")
HUGE = 4 * 1024 * 1024 * 1024
PAGE = b"<!doctype html><html><body><script>alert(1)</script>Sign in</body></html>"


class Files:
    """Puts files on the shelf and says where they can be fetched."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store, self._settings = store, settings

    def take(self, kind: str, body: dict[str, Any]) -> Row | None:
        """The file of a message that is being sent: the one given in `file`, else a sample.

        None for kinds without one. `media_fault` makes its address go wrong, `expires_in` (seconds)
        makes it vanish sooner.
        """
        if kind not in NAMES:
            return None
        fault = text(body, "media_fault", 20)
        if fault and fault not in FAULTS:
            raise BadRequest(f"“media_fault” deve ser um destes: {', '.join(FAULTS)}.")
        seconds = whole(body, "expires_in", 0, KEPT_MS // 1000, KEPT_MS // 1000)
        name, mime, content = _given(body.get("file")) or (*NAMES[kind], sample(kind))
        return self.keep(name, mime, content, fault, seconds)

    def keep(
        self, name: str, mime: str, content: bytes, fault: str = "", seconds: int = KEPT_MS // 1000
    ) -> Row:
        """Put one file on the shelf; says where it is."""
        key = secrets.token_hex(16)
        self._store.insert(
            "files",
            id=key,
            name=name,
            type=mime,
            body=content,
            fault=fault,
            expires_at=now_ms() + seconds * 1000,
        )
        url = self._address(key, name)
        return {"id": key, "name": name, "type": mime, "url": url, "fault": fault}

    def _address(self, key: str, name: str) -> str:
        host = self._settings.host if self._settings.host != "0.0.0.0" else "127.0.0.1"  # noqa: S104
        return f"http://{host}:{self._settings.port}/media/{key}/{quote(name)}"


def _given(value: Any) -> tuple[str, str, bytes] | None:
    """Name, type and bytes of an uploaded file: {"name", "type", "base64"}."""
    if value is None:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("base64"), str):
        raise BadRequest("“file” deve ter “name”, “type” e “base64”.")
    name = text(value, "name", 200) or "arquivo"
    mime = text(value, "type", 100) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    try:
        content = base64.b64decode(value["base64"], validate=True)
    except (binascii.Error, ValueError):
        raise BadRequest("“file.base64” não está em base64.") from None
    return name, mime, content


def register(app: Flask, store: Store) -> None:
    """Serve the shelf."""
    shelf = Blueprint("files", __name__)

    @shelf.get("/media/<key>/<name>")
    def serve(key: str, name: str) -> Response:
        found = store.row("select * from files where id = ?", key)
        if found is None or found["expires_at"] <= now_ms():
            abort(404)
        return _answer(found)

    app.register_blueprint(shelf)


def _answer(found: Row) -> Response:
    fault, body = found["fault"], bytes(found["body"])
    if fault == "missing":
        abort(404)
    if fault == "failing":
        abort(503)
    if fault == "redirect":
        return Response(status=302, headers={"Location": f"/media/{found['id']}/outro?{fault}"})
    if fault == "private":  # what an attacker would like to read through us
        return Response(
            status=302, headers={"Location": "http://169.254.169.254/latest/meta-data/"}
        )
    if fault == "html":
        return Response(PAGE, content_type="text/html")
    if fault == "empty":
        return Response(b"", content_type=found["type"])
    if fault == "huge":
        return Response(_zeros(), content_type=found["type"])
    if fault == "cut":
        headers = {"Content-Length": str(len(body) * 2)}
        return Response(iter((body,)), headers=headers, content_type=found["type"])
    if fault == "slow":
        return Response(_drops(body), content_type=found["type"])
    response = Response(body, content_type=found["type"])
    response.make_conditional(request, accept_ranges=True, complete_length=len(body))
    return response


def _zeros() -> Iterator[bytes]:
    """Without end for whoever does not stop by themselves."""
    for _ in range(HUGE // 65_536):
        yield bytes(65_536)


def _drops(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), 1024):
        gevent.sleep(0.2)
        yield body[start : start + 1024]
