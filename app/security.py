"""Headers, CSRF and the socket's origin: what every answer of the product carries."""

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from app.extensions import csrf

CSP = "; ".join(
    [
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",  # a recording is heard before it is sent
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    ]
)


STEADY_HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), payment=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)


class BrowserSessions(SecureCookieSessionInterface):
    """Flask's own sessions, at no cost to who brings no cookie: webhooks, tokens, probes."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session in the cookie; an empty one without."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)


def init_app(app: Flask) -> None:
    """Check CSRF on what browsers send and set the security headers on every answer."""
    app.session_interface = BrowserSessions()

    @app.before_request
    def _check_csrf() -> None:
        # Webhooks come from other systems, which have no session to ride on.
        if request.method in {"GET", "HEAD", "OPTIONS"} or request.path.startswith("/webhook/"):
            return
        if getattr(app.view_functions.get(request.endpoint or ""), "takes_key", False):
            return  # a header that no browser sends by itself
        if request.path.startswith("/api/") and "guiche" not in request.cookies:
            return
        csrf.protect()

    @app.after_request
    def _headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", CSP)
        headers.extend(STEADY_HEADERS)
        if app.config["SESSION_COOKIE_SECURE"]:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if request.endpoint != "static":
            headers.setdefault("Cache-Control", "no-store")
        return response
