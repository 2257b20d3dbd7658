"""What a Z-API message carries besides words and files, in our own words.

`place`, `cards`, `ballot` (a poll), `chosen` (a vote), `choice` (of a button or a list): the desk
knows only these.
"""

import math
from typing import Any

from app.integrations.vcards import card

Payload = dict[str, Any]
MOST_CARDS = 20
MOST_OPTIONS = 20


def extras(payload: Payload) -> Payload:
    """The parts that this message has; odd ones are left out."""
    found = {
        "place": _place(payload.get("location")),
        "cards": _cards(payload),
        "ballot": _ballot(payload.get("poll")),
        "choice": _choice(payload),
        "chosen": options(payload.get("pollVote")),
    }
    return {name: value for name, value in found.items() if value}


def about(payload: Payload) -> str | None:
    """The id of the message that a reaction or a vote is about."""
    reaction, vote = payload.get("reaction"), payload.get("pollVote")
    if isinstance(reaction, dict) and isinstance(reaction.get("referencedMessage"), dict):
        return _text(reaction["referencedMessage"].get("messageId")) or None
    if isinstance(vote, dict):
        return _text(vote.get("pollMessageId")) or None
    return None


def options(value: Any) -> list[str]:
    """The names of a poll's or a vote's options."""
    listed = value.get("options") if isinstance(value, dict) else None
    names = [_text(o.get("name")) for o in listed or [] if isinstance(o, dict)]
    return [name for name in names if name][:MOST_OPTIONS]


def _place(value: Any) -> Payload | None:
    if not isinstance(value, dict):
        return None
    latitude, longitude = _degrees(value.get("latitude"), 90), _degrees(value.get("longitude"), 180)
    if latitude is None or longitude is None:
        return None
    return {
        "latitude": latitude,
        "longitude": longitude,
        "name": _text(value.get("name")),
        "address": _text(value.get("address")),
    }


def _degrees(value: Any, most: int) -> float | None:
    try:
        number = float(value) if not isinstance(value, bool) else math.nan
    except (TypeError, ValueError, OverflowError):
        return None
    return number if abs(number) <= most else None


def _cards(payload: Payload) -> list[Payload]:
    one, several = payload.get("contact"), payload.get("contacts")
    if isinstance(several, dict):
        several = several.get("contacts") or [several]
    listed = [one] if isinstance(one, dict) else several if isinstance(several, list) else []
    return [_card(value) for value in listed[:MOST_CARDS] if isinstance(value, dict)]


def _card(value: Payload) -> Payload:
    phones = value.get("phones")
    known = [p for p in phones if isinstance(p, str)] if isinstance(phones, list) else []
    return card(_text(value.get("vCard"), 100_000), _text(value.get("displayName")), known)


def _ballot(value: Any) -> Payload | None:
    names = options(value)
    if not names:
        return None
    most = value.get("pollMaxOptions")
    several = isinstance(most, int) and not isinstance(most, bool) and most != 1
    return {"question": _text(value.get("question")), "options": names, "several": several}


def _choice(payload: Payload) -> Payload | None:
    for key, kind in (("buttonsResponseMessage", "button"), ("listResponseMessage", "list")):
        value = payload.get(key)
        if isinstance(value, dict):
            return {"of": kind, "title": _text(value.get("title"))}
    return None


def _text(value: Any, most: int = 500) -> str:
    return value.strip()[:most] if isinstance(value, str) else ""
