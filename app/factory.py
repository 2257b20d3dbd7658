"""Puts the application together: settings, extensions, features, in that order."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from redis import Redis
from werkzeug.middleware.proxy_fix import ProxyFix

from app import cli, clock, errors, extensions, health, logs, security, web
from app.accounts import access
from app.accounts import routes as accounts
from app.api import documents as api_documents
from app.api import entries as api_entries
from app.assistant import hooks as assistant
from app.board import routes as board
from app.channels import routes as channels
from app.closing_reasons import routes as closing_reasons
from app.company import routes as company
from app.consultants import routes as consultants
from app.contacts import routes as contacts
from app.conversations import routes as conversations
from app.deadlines import routes as deadlines
from app.debts import routes as debts
from app.forwarding import routes as forwarding
from app.hours import routes as hours
from app.intake import routes as intake
from app.labels import routes as labels
from app.media import routes as media
from app.notifications import routes as notifications
from app.protocols import routes as protocols
from app.quick_replies import routes as quick_replies
from app.reports import routes as reports
from app.scheduling import routes as scheduling
from app.search import routes as search
from app.settings import Settings
from app.surveys import routes as surveys
from app.teams import routes as teams
from app.templates import SpokenEnvironment

PROJECT = Path(__file__).resolve().parent.parent
# Each adds its pages, commands and hooks.
FEATURES = (
    accounts,
    api_entries,
    api_documents,
    company,
    teams,
    closing_reasons,
    labels,
    media,
    contacts,
    channels,
    protocols,
    consultants,
    conversations,
    forwarding,
    board,
    quick_replies,
    search,
    scheduling,
    hours,
    deadlines,
    surveys,
    notifications,
    debts,
    assistant,
    intake,
    reports,
)


class Application(Flask):
    """Flask, whose every function is an ordinary one."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """None of ours is a coroutine; Flask would ask each of them with every request."""
        return func


def build(settings: Settings) -> Flask:
    """The application; opens no connection."""
    app = Application("app", template_folder="../templates", static_folder="../static")
    app.jinja_environment = SpokenEnvironment
    _configure(app, settings)
    logs.init_app(app)
    extensions.init_app(app)
    security.init_app(app)
    errors.init_app(app)
    web.init_app(app)
    health.init_app(app)
    access.init_app(app)
    for feature in FEATURES:
        feature.init_app(app)
    cli.init_app(app)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.wsgi_app = web.without_deflate(app.wsgi_app)  # type: ignore[method-assign,assignment]
    return app


def _configure(app: Flask, settings: Settings) -> None:
    clock.shift(timedelta(seconds=settings.clock_shift_seconds))
    secure = settings.public_url.startswith("https://")
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        TESTING=settings.guiche_env == "test",
        SQLALCHEMY_DATABASE_URI=settings.sqlalchemy_url,
        SQLALCHEMY_ENGINE_OPTIONS={
            "pool_size": settings.database_pool_size,
            "max_overflow": settings.database_pool_size // 2,
            "hide_parameters": True,  # a logged error would hold what customers wrote
            "connect_args": {"options": "-c timezone=UTC", "connect_timeout": 5},
        },
        SESSION_COOKIE_NAME="guiche",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        MAX_CONTENT_LENGTH=settings.webhook_max_bytes,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,  # security.py checks it, webhooks excepted
        BABEL_DEFAULT_LOCALE="pt_BR",
        BABEL_TRANSLATION_DIRECTORIES=str(PROJECT / "translations"),
        BABEL_DEFAULT_TIMEZONE=str(clock.COMPANY_ZONE),
        RATELIMIT_STORAGE_URI=settings.redis_url,
        RATELIMIT_KEY_PREFIX="guiche",
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
        RATELIMIT_SWALLOW_ERRORS=True,
        RATELIMIT_HEADERS_ENABLED=False,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),
    )
    app.extensions["guiche_redis"] = Redis.from_url(
        settings.redis_url, socket_connect_timeout=1, socket_timeout=5
    )
