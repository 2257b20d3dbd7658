"""Errors that people read. Each carries a sentence in Portuguese that says what to do."""

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from app.extensions import db
from app.words import N_, said


class GuicheError(Exception):
    """A refusal with a sentence for staff and the HTTP status that goes with it."""

    status = 400

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self._message = message
        if status is not None:
            self.status = status

    @property
    def message(self) -> str:
        """The sentence, in the language of whoever reads it."""
        return said(self._message)


class NotFound(GuicheError):
    """There is no such thing, or this person may not know of it: both look the same."""

    status = 404

    def __init__(self, message: str = N_("Não encontramos o que você procurava.")) -> None:
        super().__init__(message)


class Conflict(GuicheError):
    """Somebody else was faster; the message says who."""

    status = 409


class Forbidden(GuicheError):
    """The person is known and may not do this."""

    status = 403


def wants_json() -> bool:
    """Whether the caller is a program: an API path, a webhook or an explicit Accept."""
    if request.path.startswith(("/api/", "/webhook/", "/metrics", "/healthz", "/readyz")):
        return True
    view = current_app.view_functions.get(request.endpoint or "")
    if "api-key" in request.headers or getattr(view, "takes_key", False):
        return True
    best = request.accept_mimetypes.best
    return best == "application/json"


def init_app(app: Flask) -> None:
    """Answer refusals and HTTP errors as a page, a fragment or JSON, whichever was asked for."""
    app.register_error_handler(GuicheError, _guiche_error)
    app.register_error_handler(HTTPException, _http_error)


def _answer(message: str, status: int) -> Response:
    if wants_json():
        return make_response(jsonify(detail=message), status)
    if request.headers.get("HX-Request"):
        toast = make_response(render_template("errors/_toast.html", message=message), status)
        toast.headers["HX-Retarget"] = "#toasts"
        toast.headers["HX-Reswap"] = "beforeend"
        return toast
    try:
        page = render_template("errors/page.html", message=message, status=status)
    except SQLAlchemyError:  # the frame asks the database who is looking
        bare = current_app.jinja_env.get_template("errors/bare.html")
        page = bare.render(message=message, status=status)
    return make_response(page, status)


def _guiche_error(error: GuicheError) -> Response:
    return _answer(error.message, error.status)


def _http_error(error: HTTPException) -> Response:
    response = error.get_response()
    status = error.code or 500
    if status >= 500:
        db.session.rollback()  # what failed may have left a transaction that takes no more queries
    if status < 400 or isinstance(error.response, Response):
        return make_response(response)
    answer = _answer(_sentence(status, error), status)
    for name in ("Allow", "Retry-After", "WWW-Authenticate"):
        if name in response.headers:
            answer.headers[name] = response.headers[name]
    return answer


def _sentence(status: int, error: HTTPException) -> str:
    known = {
        400: _("O pedido veio incompleto ou com erro. Volte, confira e tente de novo."),
        401: _("Entre com o seu e-mail e senha para continuar."),
        403: _("Você não tem permissão para isso. Fale com um administrador."),
        404: _("Não encontramos esta página."),
        405: _("Esta ação não existe aqui."),
        413: _("O conteúdo enviado é grande demais."),
        415: _("O formato enviado não é aceito."),
        429: _("Muitas tentativas. Espere um pouco e tente de novo."),
    }
    if status in known:
        return known[status]
    if status >= 500:
        return _("Algo falhou do nosso lado. Nada do que você já salvou se perdeu; tente de novo.")
    return error.description or error.name
