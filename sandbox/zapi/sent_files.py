"""The file of a send: fetched from the address that the product gave, or read from a data: one."""

import base64
import binascii
import http.client
import ipaddress
import mimetypes
from typing import Any
from urllib.parse import urlsplit

WITH_FILES = ("image", "audio", "video", "document")
PATIENCE = 10  # seconds
MOST = 110 * 1024 * 1024  # bytes


def is_far(method: str, body: dict[str, Any]) -> bool:
    """Whether getting the file of a send may take a while."""
    kind = method.removeprefix("send-").partition("/")[0]
    return kind in WITH_FILES and not str(body[kind]).startswith("data:")


class Unfetchable(Exception):
    """There is no file at the address, or it is not one that the sandbox goes to."""


def file_of(method: str, body: dict[str, Any]) -> tuple[str, str, bytes] | None:
    """Name, type and bytes of what a send carries; None for sends without a file.

    Raises Unfetchable.
    """
    kind = method.removeprefix("send-").partition("/")[0]
    if kind not in WITH_FILES:
        return None
    source = str(body[kind])
    mime, content = _inline(source) if source.startswith("data:") else _fetched(source)
    if not content or mime == "text/html":
        raise Unfetchable
    name = str(body.get("fileName") or kind)
    if "." not in name:
        name += mimetypes.guess_extension(mime) or ""
    return name, mime, content


def _inline(source: str) -> tuple[str, bytes]:
    head, _, content = source.removeprefix("data:").partition(",")
    mime, *rest = head.split(";")
    if "base64" not in rest:
        raise Unfetchable
    try:
        return mime, base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise Unfetchable from None


def _fetched(source: str) -> tuple[str, bytes]:
    """Without redirects, and from this machine only: the sandbox sends nothing outside."""
    address = urlsplit(source)
    if address.scheme != "http" or not _is_here(address.hostname or ""):
        raise Unfetchable
    path = address.path + (f"?{address.query}" if address.query else "")
    try:
        connection = http.client.HTTPConnection(
            address.hostname or "", address.port, timeout=PATIENCE
        )
        try:
            connection.request("GET", path or "/", headers={"Connection": "close"})
            answer = connection.getresponse()
            content = answer.read(MOST)
        finally:
            connection.close()
    except (OSError, ValueError, http.client.HTTPException):
        raise Unfetchable from None
    if answer.status != 200 or answer.length or len(content) == MOST:  # refused, cut or endless
        raise Unfetchable
    return answer.headers.get_content_type(), content


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
