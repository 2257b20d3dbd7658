"""Deny unless allowed: what a view function must say before anybody reaches it."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, Response, abort, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.errors import wants_json

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"


def requires(permission: Permission) -> Callable[[View], View]:
    """Only staff with this permission reach the view."""

    def mark(view: View) -> View:
        view.required_permission = permission  # type: ignore[attr-defined]  # read by _guard
        return view

    return mark


def public(reason: str) -> Callable[[View], View]:
    """Anybody reaches the view; `reason` says why that is right."""

    def mark(view: View) -> View:
        view.required_permission = PUBLIC  # type: ignore[attr-defined]  # read by _guard
        view.public_reason = reason  # type: ignore[attr-defined]
        return view

    return mark


def requirement_of(app: Flask, endpoint: str) -> str | None:
    """What the view behind an endpoint asks for: a permission, `public`, or None (a mistake)."""
    if endpoint == "static":
        return PUBLIC
    return getattr(app.view_functions[endpoint], "required_permission", None)


def acting_user() -> User:
    """The member of staff behind this request."""
    return cast(User, current_user._get_current_object())


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
    if not current_user.is_authenticated:
        return _ask_to_log_in()
    if not acting_user().can(Permission(requirement)):
        abort(404 if request.method == "GET" else 403)
    return None


def _ask_to_log_in() -> BaseResponse:
    if wants_json():
        abort(401)
    target = url_for("accounts.login", next=request.full_path.rstrip("?"))
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": url_for("accounts.login")})
    return redirect(target)
