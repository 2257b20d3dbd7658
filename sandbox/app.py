"""The sandbox's Flask application."""

import copy
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from sandbox import faults, files, phone, s3
from sandbox.octadesk import Octadesk
from sandbox.pipedrive import Pipedrive
from sandbox.requests_in import BadRequest, json_body
from sandbox.settings import SettingError, Settings
from sandbox.sienge import Sienge
from sandbox.world import World
from sandbox.zapi import ZApi

POLICY = "default-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'"
SENTENCES = {
    404: "Não há nada neste endereço.",
    405: "Este endereço não aceita este método.",
    413: "O corpo é grande demais.",
    500: "O sandbox falhou; veja o terminal em que ele roda.",
}


def create_app(settings: Settings) -> Flask:
    """The application with every vendor registered and pending webhooks taken up again."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = 20 * 1024 * 1024
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # of Flask's default provider
    app.json.sort_keys = False  # type: ignore[attr-defined]  # of Flask's default provider
    as_started = copy.deepcopy(settings)
    world = World.build(settings)
    zapi = ZApi(world)
    world.register(app, zapi, carrier=zapi)
    world.register(app, Pipedrive(world.store))
    world.register(app, Sienge())
    world.register(app, Octadesk(world.store))
    phone.register(app, world)
    files.register(app, world.store)
    s3.register(app, world.store)
    faults.register(app, world.faults, lambda: list(world.vendors))
    _own_routes(app, world, as_started)
    _edges(app, world)
    world.courier.resume()
    return app


def _own_routes(app: Flask, world: World, as_started: Settings) -> None:
    @app.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok", pending=world.courier.pending())

    @app.get("/settings")
    def show_settings() -> Response:
        return jsonify(world.settings.adjustable())

    @app.post("/settings")
    def change_settings() -> Response:
        world.settings.change(json_body())
        return jsonify(world.settings.adjustable())

    @app.post("/reset")
    def reset() -> tuple[str, int]:
        world.reset(copy.deepcopy(as_started))
        return "", 204


def _edges(app: Flask, world: World) -> None:
    @app.before_request
    def refuse_foreign_pages() -> tuple[Response, int] | None:
        origin = request.headers.get("Origin")
        if origin and urlsplit(origin).netloc != request.host:
            return jsonify(error="Este endereço só atende às páginas do próprio sandbox."), 403
        return None

    @app.after_request
    def secure(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    @app.errorhandler(BadRequest)
    @app.errorhandler(SettingError)
    def bad_request(error: ValueError) -> tuple[Response, int]:
        return jsonify(error=str(error)), 400

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        if status < 400:
            return error.get_response()
        for vendor in world.vendors.values():
            if request.path.startswith(vendor.prefix):
                return jsonify(vendor.error_body(status)), status
        return jsonify(error=SENTENCES.get(status, "Pedido inválido.")), status
