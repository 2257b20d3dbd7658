"""What templates know everywhere: language, addresses, and how dates and names are written."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, has_request_context
from flask_babel import format_date, format_datetime, format_time
from flask_babel import gettext as _
from flask_login import current_user

from app import clock
from app.extensions import babel

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def init_app(app: Flask) -> None:
    """Set the language chooser and the filters and globals of the templates."""
    babel.init_app(app, locale_selector=_locale)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(path_for=path_for, asset=asset, now=clock.now)
    app.jinja_env.filters.update(
        clock_time=clock_time, moment=moment, day_name=day_name, ago=ago, iso=iso
    )


def _locale() -> str:
    settings = current_app.config["SETTINGS"]
    if has_request_context() and current_user.is_authenticated:
        chosen = str(current_user.locale)
        if chosen in settings.locales:
            return chosen
    return str(settings.locales[0])


def path_for(endpoint: str, **values: Any) -> str:
    """A path of this product; unlike `url_for` it also works in a worker, outside a request."""
    adapter = current_app.url_map.bind("")
    return str(adapter.build(endpoint, values))


def asset(name: str) -> str:
    """A file under static/, with its content in the address so that browsers may keep it."""
    return f"/static/{name}?v={_fingerprint(str(Path(current_app.static_folder or '') / name))}"


@lru_cache(maxsize=256)
def _fingerprint(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]


def _local(value: datetime) -> datetime:
    return value.astimezone(clock.COMPANY_ZONE)


def clock_time(value: datetime) -> str:
    """14:32"""
    return str(format_time(value, "HH:mm"))


def moment(value: datetime) -> str:
    """20/11/2026 14:32"""
    return str(format_datetime(value, "dd/MM/yyyy HH:mm"))


def iso(value: datetime) -> str:
    """For `<time datetime>` and for the script that keeps relative times fresh."""
    return value.isoformat()


def day_name(value: datetime) -> str:
    """Hoje, Ontem, or the date written out: the separators of a thread."""
    days = (_local(clock.now()).date() - _local(value).date()).days
    if days == 0:
        return _("Hoje")
    if days == 1:
        return _("Ontem")
    return str(format_date(value, "EEEE, d 'de' MMMM" if days < 7 else "d 'de' MMMM 'de' yyyy"))


def ago(value: datetime) -> str:
    """Relative up to an hour, then the time, then the date."""
    minutes = int((clock.now() - value).total_seconds() // 60)
    if minutes < 1:
        return _("agora")
    if minutes < 60:
        return _("há %(minutes)s min", minutes=minutes)
    if _local(value).date() == _local(clock.now()).date():
        return clock_time(value)
    return str(format_date(value, "dd/MM"))


def without_deflate(inner: WsgiApp) -> WsgiApp:
    """Take the offer of permessage-deflate off: accepting it costs half as much CPU again."""

    def wrapped(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        return inner(environ, start_response)

    return wrapped


