"""The description of the contracts at `/openapi.json`, and its pages without anything from outside.

The pages' own templates would run inline scripts, which our CSP forbids: ours only load files.
"""

import secrets
from functools import lru_cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from flask import (
    Blueprint,
    Flask,
    Response,
    abort,
    current_app,
    jsonify,
    make_response,
    render_template,
    send_from_directory,
)
from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI

from app.accounts.access import documented, public
from app.security import CSP

blueprint = Blueprint("api_documents", __name__)

KEY = {"type": "apiKey", "in": "header", "name": "api-key"}
BEARER = {"type": "http", "scheme": "bearer"}
# The browser's side of the two plug-ins: which files of theirs may be asked for.
_FILES = {
    "swagger-ui.css": ("flask_openapi3_swagger", "swagger/css"),
    "swagger-ui-bundle.js": ("flask_openapi3_swagger", "swagger/js"),
    "redoc.standalone.js": ("flask_openapi3_redoc", "redoc/js"),
}
# The one thing that the reader's script would fetch from elsewhere is its makers' logo.
_LOGO = b"https://cdn.redoc.ly/redoc/logo-mini.svg"
_NO_LOGO = b"data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
# What it writes without the nonce: the rules of its scroll bars, empty at first and then whole.
_SCROLL_BARS = (
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    " 'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='"
)


def init_app(app: Flask) -> None:
    """Add the addresses."""
    app.register_blueprint(blueprint)


@lru_cache(maxsize=1)
def _described(app: Flask) -> dict[str, object]:
    description = OpenAPI(
        "description",
        info=Info(
            title="Guichê",
            version="1.0.0",
            description="A fila de consultores e os protocolos levam `api-key`; a consulta e a "
            "renegociação de dívidas, `Authorization: Bearer`.",
        ),
        security_schemes={"api-key": KEY, "bearer": BEARER},
        doc_ui=False,
    )
    for room in app.blueprints.values():
        if isinstance(room, APIBlueprint):
            description.register_api(room)
    return dict(description.api_doc)


@blueprint.get("/openapi.json")
@documented
def openapi() -> Response:
    """Everything that callers may ask, by OpenAPI 3.1."""
    return jsonify(_described(current_app._get_current_object()))  # type: ignore[attr-defined]


@blueprint.get("/docs")
@documented
def swagger() -> str:
    """The description as a page on which calls can be tried."""
    return render_template("api/swagger.html", version=_version("flask_openapi3_swagger"))


@blueprint.get("/redoc")
@documented
def redoc() -> Response:
    """The description as a page to read. Its styles are written by its script: they bear a nonce,
    so that no others are let in."""
    nonce = secrets.token_urlsafe(16)
    page = render_template("api/redoc.html", version=_version("flask_openapi3_redoc"), nonce=nonce)
    policy = f"{CSP}; style-src 'self' 'nonce-{nonce}' {_SCROLL_BARS}"
    return make_response(page, {"Content-Security-Policy": policy})


@blueprint.get("/docs/arquivos/<name>")
@public("scripts and styles of the description's pages, which hold no data")
def file(name: str) -> Response:
    """A file of the pages."""
    if name not in _FILES:
        abort(404)
    package, folder = _FILES[name]
    root = Path(str(import_module(package).__file__)).parent / "templates" / folder
    if name.startswith("redoc"):
        answer = Response(_without_logo(root / name), mimetype="text/javascript")
    else:
        answer = send_from_directory(root, name, max_age=31_536_000)
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


@lru_cache(maxsize=1)
def _without_logo(script: Path) -> bytes:
    return script.read_bytes().replace(_LOGO, _NO_LOGO)


def _version(package: str) -> str:
    return version(package.replace("_", "-"))
