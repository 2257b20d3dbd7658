"""A small store that speaks S3: objects, ranges, uploads in parts. One account, any bucket."""

import hashlib
import secrets
from xml.sax.saxutils import escape

from flask import Blueprint, Flask, Response, request

from sandbox.store import Store

ACCESS_KEY = "AKIA-DEMO"
PREFIX = "/s3"


def register(app: Flask, store: Store) -> None:
    """Serve `/s3/<bucket>/<key>`."""
    shop = Blueprint("s3", __name__, url_prefix=PREFIX)
    address = "/<bucket>/<path:key>"

    @shop.before_request
    def check() -> Response | None:
        signed = request.headers.get("Authorization", "")
        if f"Credential={ACCESS_KEY}/" in signed and "Signature=" in signed:
            return None
        return _error(403, "InvalidAccessKeyId")

    @shop.put(address)
    def put(bucket: str, key: str) -> Response:
        body, upload = request.get_data(), request.args.get("uploadId")
        table, name = ("s3_parts", upload) if upload else ("s3_objects", f"{bucket}/{key}")
        number = request.args.get("partNumber", 0, int)
        store.run(f"delete from {table} where name = ? and part = ?", name, number)  # noqa: S608
        kind = request.headers.get("Content-Type", "")
        store.insert(table, name=name, part=number, type=kind, body=body)
        return _done(_tag(body))

    @shop.post(address)
    def post(bucket: str, key: str) -> Response:
        if "uploads" in request.args:
            upload = secrets.token_hex(8)
            inner = f"<Bucket>{escape(bucket)}</Bucket><Key>{escape(key)}</Key>"
            return _xml("InitiateMultipartUploadResult", f"{inner}<UploadId>{upload}</UploadId>")
        upload = request.args.get("uploadId", "")
        parts = store.rows("select body from s3_parts where name = ? order by part", upload)
        if not parts:
            return _error(404, "NoSuchUpload")
        body, name = b"".join(bytes(part["body"]) for part in parts), f"{bucket}/{key}"
        store.run("delete from s3_objects where name = ?", name)
        store.insert("s3_objects", name=name, part=0, type="", body=body)
        store.run("delete from s3_parts where name = ?", upload)
        return _xml("CompleteMultipartUploadResult", f"<ETag>{_tag(body)}</ETag>")

    @shop.get(address)
    def get(bucket: str, key: str) -> Response:
        found = store.row("select * from s3_objects where name = ?", f"{bucket}/{key}")
        if found is None:
            return _error(404, "NoSuchKey")
        body = bytes(found["body"])
        response = Response(body, content_type=found["type"] or "application/octet-stream")
        response.headers["ETag"] = _tag(body)
        response.make_conditional(request, accept_ranges=True, complete_length=len(body))
        return response

    @shop.delete(address)
    def delete(bucket: str, key: str) -> Response:
        store.run("delete from s3_objects where name = ?", f"{bucket}/{key}")
        return Response(status=204)

    app.register_blueprint(shop)


def _tag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _done(tag: str) -> Response:
    return Response(status=200, headers={"ETag": tag})


def _xml(name: str, inner: str) -> Response:
    return Response(f"<{name}>{inner}</{name}>", content_type="application/xml")


def _error(status: int, code: str) -> Response:
    response = _xml("Error", f"<Code>{code}</Code><Message>{code}</Message>")
    response.status_code = status
    return response
