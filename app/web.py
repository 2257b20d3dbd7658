"""What templates know everywhere: language, addresses, and how dates and names are written."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from flask import Flask, current_app, has_request_context
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.routing import IntegerConverter, Map

from app import clock
from app.accounts.permissions import Permission
from app.extensions import babel
from app.live import screen_locale
from app.words import said

# The largest number a key of ours can be: what is larger is no key, and the database refuses it.
LARGEST_KEY = 2**63 - 1


class KeyConverter(IntegerConverter):
    """`<int:…>` in an address; larger numbers are addresses of nothing."""

    def __init__(self, map: Map, *args: Any, **options: Any) -> None:
        options.setdefault("max", LARGEST_KEY)
        super().__init__(map, *args, **options)


WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def init_app(app: Flask) -> None:
    """Set the language chooser and the filters and globals of the templates."""
    babel.init_app(app, locale_selector=_locale)
    app.url_map.converters["int"] = KeyConverter
    # Bound once: a push builds several addresses, and binding costs more than building.
    app.extensions["guiche_paths"] = app.url_map.bind("")
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(path_for=path_for, asset=asset, icon=icon, now=clock.now)
    app.context_processor(_frame)
    app.jinja_env.filters.update(
        clock_time=clock_time,
        moment=moment,
        day=day,
        day_name=day_name,
        ago=ago,
        ago_later=ago_later,
        waited=waited,
        iso=iso,
        said=said,
    )


@dataclass(frozen=True, slots=True)
class RailEntry:
    """One area of the product: where it is, and who may open it."""

    href: str
    icon: str
    name: str
    permission: Permission


def rail() -> list[RailEntry]:
    """The areas that the person looking may open, in the order of the rail."""
    everything = (
        RailEntry("/inicio", "home", _("Painel"), Permission.OWN_ACCOUNT),
        RailEntry("/conversas", "inbox", _("Conversas"), Permission.CONVERSATIONS_VIEW),
        RailEntry("/agendadas", "calendar-time", _("Agendadas"), Permission.CONVERSATIONS_WORK),
        RailEntry(
            "/respostas-rapidas", "bolt", _("Respostas rápidas"), Permission.CONVERSATIONS_WORK
        ),
        RailEntry("/fila", "user-check", _("Fila da vez"), Permission.CONSULTANTS_VIEW),
        RailEntry("/contatos", "address-book", _("Contatos"), Permission.CONVERSATIONS_VIEW),
        RailEntry("/protocolos/lista", "file-text", _("Protocolos"), Permission.PROTOCOLS_VIEW),
        RailEntry("/financeiro", "coin", _("Financeiro"), Permission.DEBTS_VIEW),
        RailEntry("/satisfacao", "star", _("Satisfação"), Permission.CONVERSATIONS_VIEW_ALL),
        RailEntry("/canais", "plug", _("Canais"), Permission.CHANNELS_VIEW),
        RailEntry("/etiquetas", "tag", _("Etiquetas"), Permission.LABELS_MANAGE),
        RailEntry("/recebimentos", "webhook", _("Recebimentos"), Permission.RECEIPTS_VIEW),
        RailEntry("/configuracoes", "settings", _("Configurações"), Permission.COMPANY_MANAGE),
        RailEntry("/equipe", "users", _("Equipe"), Permission.STAFF_MANAGE),
        RailEntry("/tokens", "key", _("Tokens de API"), Permission.TOKENS_MANAGE),
        RailEntry("/auditoria", "history", _("Auditoria"), Permission.AUDIT_VIEW),
    )
    return [entry for entry in everything if current_user.can(entry.permission)]


def _frame() -> dict[str, Any]:
    settings = current_app.config["SETTINGS"]
    return {
        "rail": rail,
        "company_name": settings.company_name,
        "fictitious_data": settings.fictitious_data,
        "get_locale": get_locale,
    }


def _locale() -> str:
    try:
        signed_in = has_request_context() and current_user.is_authenticated
    except SQLAlchemyError:  # an error page has to be in some language
        return screen_locale("")
    return screen_locale(str(current_user.locale) if signed_in else "")


def path_for(endpoint: str, **values: Any) -> str:
    """A path of this product; unlike `url_for` it also works in a worker, outside a request."""
    return str(current_app.extensions["guiche_paths"].build(endpoint, values))


@lru_cache(maxsize=256)
def asset(name: str) -> str:
    """A file under static/, with its content in the address so that browsers may keep it."""
    content = (Path(current_app.static_folder or "") / name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"


@lru_cache(maxsize=256)
def icon(name: str) -> Markup:
    """One of the drawings in static/vendor/icons.svg, for eyes only."""
    return Markup(
        '<svg class="icon" width="20" height="20" aria-hidden="true" focusable="false">'
        '<use href="{}#{}"></use></svg>'
    ).format(asset("vendor/icons.svg"), name)


def _local(value: datetime) -> datetime:
    # Figures read the same in every language, so strftime writes them: with Babel, which takes each
    # pattern apart, the times of a row cost more than the rest of its push.
    try:
        return value.astimezone(clock.COMPANY_ZONE)
    except OverflowError:  # at either end of the calendar: still better than no page
        return value


def clock_time(value: datetime) -> str:
    """14:32"""
    return _local(value).strftime("%H:%M")


def moment(value: datetime) -> str:
    """20/11/2026 14:32"""
    return _local(value).strftime("%d/%m/%Y %H:%M")


def iso(value: datetime) -> str:
    """For `<time datetime>` and for the script that keeps relative times fresh."""
    return value.isoformat()


def day(value: datetime) -> str:
    """2026-11-20, in the company's zone."""
    return _local(value).date().isoformat()


def day_name(value: datetime) -> str:
    """20 de novembro de 2026, for the separators of a thread."""
    return _date_in_words(_local(value).date(), str(get_locale()))


@lru_cache(maxsize=4096)
def _date_in_words(date: date, locale: str) -> str:
    return str(format_date(date, "d 'de' MMMM 'de' yyyy", locale))


def ago(value: datetime) -> str:
    """Relative up to an hour, then absolute."""
    minutes = int((clock.now() - value).total_seconds() // 60)
    if minutes < 1:
        return _("agora")
    if minutes < 60:
        return _("há %(minutes)s min", minutes=minutes)
    return ago_later(value)


def ago_later(value: datetime) -> str:
    """What follows "há 59 min": the time of day, or the date when it was another day."""
    local = _local(value)
    is_today = local.date() == _local(clock.now()).date()
    return local.strftime("%H:%M" if is_today else "%d/%m")


def waited(value: datetime) -> str:
    """How long somebody waits: 4 min, 2 h, 3 d."""
    minutes = max(0, int((clock.now() - value).total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 1440 else f"{minutes // 1440} d"


def without_deflate(inner: WsgiApp) -> WsgiApp:
    """Take the offer of permessage-deflate off: accepting it costs half as much CPU again."""

    def wrapped(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        return inner(environ, start_response)

    return wrapped
