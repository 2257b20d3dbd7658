"""Headers, CSRF and the socket's origin: what every answer of the product carries."""

from flask import Flask, Response, request

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


def init_app(app: Flask) -> None:
    """Check CSRF on what browsers send and set the security headers on every answer."""

    @app.before_request
    def _check_csrf() -> None:
        # Webhooks come from other systems, which have no session to ride on.
        if request.method in {"GET", "HEAD", "OPTIONS"} or request.path.startswith("/webhook/"):
            return
        if request.path.startswith("/api/") and "guiche" not in request.cookies:
            return
        csrf.protect()

    @app.after_request
    def _headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", CSP)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "DENY"
        headers["Referrer-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), payment=()"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if app.config["SESSION_COOKIE_SECURE"]:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if request.endpoint != "static":
            headers.setdefault("Cache-Control", "no-store")
        return response
