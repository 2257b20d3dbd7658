"""One file as an HTTP answer: ranges, names, and what a browser may do with it."""

from urllib.parse import quote

from flask import Request, Response
from werkzeug.http import is_resource_modified

from app.errors import NotFound
from app.media.models import Attachment
from app.media.presenting import download_name
from app.media.storage import StorageError, storage

# Shown by the browser itself. Everything else is saved: what customers send must not run here.
INLINE = {
    *("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif"),
    *("audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac", "audio/wav", "audio/flac", "audio/amr"),
    *("video/mp4", "video/3gpp", "video/webm", "video/quicktime"),
    "application/pdf",
}
SANDBOX = "default-src 'none'; sandbox"
# The browser's own viewer of PDFs does not open inside a sandbox; it is one itself.
FOR_PDF = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"
KEEP_SECONDS = 86_400
LARGEST_THUMBNAIL = 2_000_000


def answer(request: Request, attachment: Attachment) -> Response:
    """The file itself; `?baixar` saves it whatever it is."""
    if attachment.state != "ready" or not attachment.storage_key or attachment.size is None:
        raise NotFound
    inline = attachment.type in INLINE and "baixar" not in request.args
    content_type = attachment.type if attachment.type in INLINE else "application/octet-stream"
    response = _streamed(
        request,
        attachment.storage_key,
        attachment.size,
        (attachment.sha256 or str(attachment.id))[:32],
        content_type,
    )
    name = download_name(attachment)
    shown = "inline" if inline else "attachment"
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\%' else "_" for c in name)
    response.headers["Content-Disposition"] = (
        f"{shown}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    if attachment.type == "application/pdf" and inline:
        response.headers["Content-Security-Policy"] = FOR_PDF
    return response


def thumbnail(request: Request, attachment: Attachment) -> Response:
    """The small picture of it: a few kilobytes, whole."""
    key = attachment.thumbnail_key
    if attachment.state != "ready" or not key:
        raise NotFound
    headers = _headers(key[-32:])
    if not is_resource_modified(request.environ, etag=key[-32:]):
        return Response(status=304, headers=headers)
    try:
        body = b"".join(storage().read(key, 0, LARGEST_THUMBNAIL))
    except StorageError:
        raise NotFound from None
    return Response(body, headers=headers, content_type="image/webp")


def _streamed(request: Request, key: str, size: int, tag: str, content_type: str) -> Response:
    headers = _headers(tag) | {"Accept-Ranges": "bytes"}
    if not is_resource_modified(request.environ, etag=tag):
        return Response(status=304, headers=headers)
    start, length, status = 0, size, 200
    asked = request.range if _range_counts(request, tag) else None
    if asked is not None and asked.units == "bytes" and len(asked.ranges) == 1:
        span = asked.range_for_length(size)
        if span is None:
            return Response(status=416, headers=headers | {"Content-Range": f"bytes */{size}"})
        start, length, status = span[0], span[1] - span[0], 206
        headers["Content-Range"] = f"bytes {start}-{span[1] - 1}/{size}"
    headers["Content-Length"] = str(length)
    try:
        # A HEAD is answered by the same headers; nothing is read for it.
        body = iter(()) if request.method == "HEAD" else storage().read(key, start, length)
    except StorageError:
        raise NotFound from None
    return Response(body, status, headers, content_type=content_type, direct_passthrough=True)


def _headers(tag: str) -> dict[str, str]:
    return {
        "ETag": f'"{tag}"',
        "Cache-Control": f"private, max-age={KEEP_SECONDS}",
        "Content-Security-Policy": SANDBOX,
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }


def _range_counts(request: Request, tag: str) -> bool:
    """`If-Range` names another file: its rest would be glued to ours."""
    condition = request.if_range
    return (condition.etag is None and condition.date is None) or condition.etag == tag
