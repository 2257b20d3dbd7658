"""Deny unless allowed: what a view function must say before anybody reaches it."""

import secrets
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar, cast

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    flash,
    g,
    jsonify,
    make_response,
    redirect,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response as BaseResponse

from app.accounts import api_words, tokens
from app.accounts.models import ApiToken, User
from app.accounts.permissions import SCOPE_PERMISSIONS, Permission, Scope
from app.errors import wants_json

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
SCOPE = "scope "
KEY = "key "
ENVIRONMENT_KEY = "chave da API"
ENVIRONMENT_TOKEN = "TOKEN_SECRETO"  # noqa: S105 - the name of the setting


def requires(permission: Permission) -> Callable[[View], View]:
    """Only staff with this permission reach the view."""

    def mark(view: View) -> View:
        view.required_permission = permission  # type: ignore[attr-defined]  # read by _guard
        return view

    return mark


def requires_scope(scope: Scope) -> Callable[[View], View]:
    """For API routes: a token with this scope reaches the view, or staff with its permission."""

    def mark(view: View) -> View:
        view.required_permission = SCOPE + scope  # type: ignore[attr-defined]  # read by _guard
        return view

    return mark


def requires_key(scope: Scope) -> Callable[[View], View]:
    """For the replaced systems' contracts: the header `api-key` with the environment's key, or with
    a token that has this scope. No session opens them, so no browser can be made to call them."""

    def mark(view: View) -> View:
        view.required_permission = KEY + scope  # type: ignore[attr-defined]  # read by _guard
        view.takes_key = True  # type: ignore[attr-defined]  # answered in JSON, without CSRF
        return view

    return mark


def requires_bearer(scope: Scope) -> Callable[[View], View]:
    """For the replaced debt system's contract: `Authorization: Bearer` with the environment's
    secret, or with a token that has this scope. No session opens them either."""

    def mark(view: View) -> View:
        view.takes_bearer = True  # type: ignore[attr-defined]  # read by _guard
        return requires_key(scope)(view)

    return mark


def documented(view: View) -> View:
    """Open to everybody in development; in production as `requires_scope(Scope.DOCS_READ)`."""
    view.open_in_development = True  # type: ignore[attr-defined]  # read by _guard
    return requires_scope(Scope.DOCS_READ)(view)


def public(reason: str) -> Callable[[View], View]:
    """Anybody reaches the view; `reason` says why that is right."""

    def mark(view: View) -> View:
        view.required_permission = PUBLIC  # type: ignore[attr-defined]  # read by _guard
        view.public_reason = reason  # type: ignore[attr-defined]
        return view

    return mark


def requirement_of(app: Flask, endpoint: str) -> str | None:
    """What the view behind an endpoint asks for: a permission, "scope <scope>", `public`, or None.

    None is a mistake: nobody reaches such a view.
    """
    if endpoint == "static":
        return PUBLIC
    return getattr(app.view_functions[endpoint], "required_permission", None)


def permission_of(requirement: str) -> Permission:
    """The permission staff need for what a view asks for, be it a permission or a scope."""
    if requirement.startswith(SCOPE):
        return SCOPE_PERMISSIONS[Scope(requirement.removeprefix(SCOPE))]
    return Permission(requirement)


def acting_user() -> User:
    """The member of staff behind this request."""
    return cast("User", current_user._get_current_object())


def acting() -> User | str:
    """Who acts, for services and the audit log: the member of staff, or the name of the token."""
    token: ApiToken | None = g.get("api_token")
    if token is None and "api_caller" in g:
        return str(g.api_caller)
    return f"token {token.name}" if token is not None else acting_user()


def init_app(app: Flask) -> None:
    """Check every request against its view's requirement, denying where there is none."""
    app.before_request(_guard)


def _guard() -> Response | BaseResponse | None:
    if request.endpoint is None:
        return None
    requirement = requirement_of(current_app, request.endpoint)
    if requirement == PUBLIC:
        return None
    if requirement is None:
        abort(403)
    if requirement.startswith(KEY):
        if getattr(current_app.view_functions[request.endpoint], "takes_bearer", False):
            return check_bearer(Scope(requirement.removeprefix(KEY)))
        return _check_key(Scope(requirement.removeprefix(KEY)))
    if _is_open_here(request.endpoint):
        return None
    if requirement.startswith(SCOPE) and "Authorization" in request.headers:
        _check_token(Scope(requirement.removeprefix(SCOPE)))
        return None
    if not current_user.is_authenticated:
        return _ask_for_token() if requirement.startswith(SCOPE) else _ask_to_log_in()
    if not acting_user().can(permission_of(requirement)):
        abort(404 if request.method == "GET" else 403)
    return None


def _is_open_here(endpoint: str) -> bool:
    view = current_app.view_functions[endpoint]
    is_documentation = getattr(view, "open_in_development", False)
    return is_documentation and not current_app.config["SETTINGS"].is_production


def _check_key(scope: Scope) -> Response | None:
    """None for whoever may enter; what the contract answers to the others."""
    given = request.headers.get("api-key")
    if not given:
        return _no_key(api_words.MISSING, 403)
    own = current_app.config["SETTINGS"].authentication_api_key
    if own and secrets.compare_digest(given.encode(), own.encode()):
        g.api_caller = ENVIRONMENT_KEY
        return None
    token = tokens.authenticate(given)
    if token is None:
        return _no_key(api_words.WRONG, 401)
    if scope.value not in token.scopes:
        return _no_key(api_words.lacks(scope.value), 403)
    g.api_token = token
    return None


def check_bearer(scope: Scope) -> Response | None:
    """None for whoever may enter; what the debt contract answers to the others."""
    given = request.authorization
    bearer = (given.token if given is not None and given.type == "bearer" else None) or ""
    own = current_app.config["SETTINGS"].token_secreto
    if own and secrets.compare_digest(bearer.encode(), own.encode()):
        g.api_caller = ENVIRONMENT_TOKEN
        return None
    token = tokens.authenticate(bearer) if bearer else None
    if token is None:
        return make_response(jsonify(erro=api_words.NOT_ALLOWED), 401)
    if scope.value not in token.scopes:
        return make_response(jsonify(erro=api_words.token_lacks(scope.value)), 403)
    g.api_token = token
    return None


def _no_key(detail: str, status: int) -> Response:
    return make_response(jsonify(detail=detail), status)


def _check_token(scope: Scope) -> None:
    given = request.authorization
    bearer = given.token if given is not None and given.type == "bearer" else None
    token = tokens.authenticate(bearer) if bearer else None
    if token is None:
        _ask_for_token()
    if scope.value not in token.scopes:
        abort(403)
    g.api_token = token


def _ask_for_token() -> NoReturn:
    raise Unauthorized(www_authenticate=WWWAuthenticate("bearer"))


def _ask_to_log_in() -> BaseResponse:
    if wants_json():
        abort(401)
    if "_user_id" in session:  # was in until now: sent off by an administrator, or too long away
        session.clear()
        flash(
            _("Seu acesso foi encerrado ou sua sessão acabou. "
              "Entre de novo ou fale com um administrador."),
            "error",
        )  # fmt: skip
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": url_for("accounts.login")})
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.login", next=wanted))
