"""The only way to a browser.

A push is HTML made of `<hx-partial>`s from the same partial templates that the pages use; it knows
nothing of its viewer and is rendered once per screen language, into that language's room. Each live
region of a page has a version: `static/live.js` drops what is older than what is shown, and asks
the server again when a version is missing.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from flask import current_app
from flask_babel import force_locale
from redis.exceptions import RedisError
from sqlalchemy import Select, literal, select, union_all

from app.extensions import current_settings, db, redis_client, socketio
from app.metrics import PUSHES

log = structlog.get_logger()

CONTROL_CHANNEL = "guiche:control"
EVERYONE = 0  # no person has this id

# A region is named "<kind>:<argument>", e.g. "conversation:7". Its feature registers how its
# present version is read: (user id, argument, version shown) -> a select of one text, or None when
# this person may not see it (any more).
RegionVersion = Callable[[int, str, str], Select[tuple[str]] | None]
_regions: dict[str, RegionVersion] = {}


def region(kind: str) -> Callable[[RegionVersion], RegionVersion]:
    """Register how the version of regions of one kind is read."""

    def register(function: RegionVersion) -> RegionVersion:
        _regions[kind] = function
        return function

    return register


def stale_regions(user_id: int, shown: dict[str, str]) -> list[str]:
    """Which of the regions a page shows (name -> version) differ from the database; one query."""
    selects, stale = [], []
    for name, version in shown.items():
        kind, _, argument = name.partition(":")
        known = _regions.get(kind)
        query = known(user_id, argument, version) if known else None
        if query is None:
            stale.append(name)
        else:
            selects.append(select(literal(name), query.scalar_subquery()))
    if selects:
        rows = {row[0]: row[1] for row in db.session.execute(union_all(*selects))}
        stale += [name for name, present in rows.items() if (present or "") != shown[name]]
    return stale


def push(rooms: str | Sequence[str], template: str, **context: Any) -> None:
    """Send a template's fragments to everyone in the room, or once to everyone in any of several.

    Failures are logged, never raised.
    """
    try:
        for locale in current_settings().locales:
            with force_locale(locale):
                html = current_app.jinja_env.get_template(template).render(**context)
            _emit("live", {"html": html}, _localised(rooms, locale))
    except Exception:
        log.exception("push_failed", room=rooms, template=template)
    PUSHES.labels(kind=template.rpartition("/")[2].removesuffix(".html")).inc()


def touch(room: str, *regions: str) -> None:
    """Tell the room that these regions changed; each page that shows one asks for it again.

    For regions whose content depends on who looks.
    """
    for locale in current_settings().locales:
        _emit("touch", {"regions": list(regions)}, localised(room, locale))
    PUSHES.labels(kind="touch").inc()


def kick(user_id: int) -> None:
    """Cut all sockets of a person whose access changed; those still allowed connect again."""
    try:
        redis_client().publish(CONTROL_CHANNEL, json.dumps({"kick": user_id}))
    except RedisError as error:
        # Each web process also checks its sockets against the database every few seconds.
        log.error("kick_not_published", user_id=user_id, error=str(error))


def kick_everyone() -> None:
    """Cut all sockets: what everybody may see changed. Who is still allowed connects again."""
    kick(EVERYONE)


def localised(room: str, locale: str) -> str:
    """The name of the room for one screen language."""
    return f"{room}:{locale}"


def _localised(rooms: str | Sequence[str], locale: str) -> str | list[str]:
    if isinstance(rooms, str):
        return localised(rooms, locale)
    names = [localised(room, locale) for room in rooms]
    return names[0] if len(names) == 1 else names


def screen_locale(chosen: str) -> str:
    """The language a person's screens are rendered in, of those that are offered."""
    offered: list[str] = current_settings().locales
    return chosen if chosen in offered else offered[0]


def user_room(user_id: int) -> str:
    """The room of one person's own screens."""
    return f"user-{user_id}"


def _emit(event: str, payload: dict[str, Any], room: str | list[str]) -> None:
    try:
        socketio.emit(event, payload, to=room)
    except Exception:
        log.exception("push_failed", room=room)
