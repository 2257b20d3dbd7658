"""How what a message carries besides words is put on the screen; `content` in the templates."""

from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _

from app.conversations.models import Message
from app.extensions import current_settings

MAP = "https://www.google.com/maps/search/?api=1&query={latitude:.6f},{longitude:.6f}"


class Reaction(NamedTuple):
    """What somebody set under a message."""

    emoji: str
    who: str
    is_ours: bool


class Option(NamedTuple):
    """One answer of a poll, and who gave it."""

    name: str
    votes: int
    voters: str


def of(message: Message, name: str) -> Any:
    """A part of what is kept with a message (`place`, `cards`, `quote`, …), or None."""
    return (message.payload or {}).get(name)


def reactions(message: Message) -> list[Reaction]:
    """The customer's and the company's."""
    noted = of(message, "reactions") or {}
    return [
        Reaction(str(emoji)[:16], _who(who), who != "customer")
        for who, emoji in sorted(noted.items())
    ]


def options(message: Message) -> list[Option]:
    """A poll's answers with their votes, as far as we were told of them."""
    votes = of(message, "votes") or {}
    counted = []
    for name in (of(message, "ballot") or {}).get("options", []):
        voters = [_who(who) for who, chosen in sorted(votes.items()) if name in chosen]
        counted.append(Option(name, len(voters), ", ".join(voters)))
    return counted


def map_address(place: dict[str, Any]) -> str:
    """A map of the place, at another company: opened only by who asks for it."""
    return MAP.format(latitude=place["latitude"], longitude=place["longitude"])


def revoked_at(message: Message) -> datetime | None:
    """When it was deleted by who had sent it."""
    written = of(message, "revoked_at")
    return datetime.fromisoformat(written) if isinstance(written, str) else None


def is_shown(message: Message) -> bool:
    """Whether staff may still see what it said: what was deleted only if the company wants it."""
    return revoked_at(message) is None or current_settings().show_revoked_messages


def edits(message: Message) -> list[dict[str, Any]]:
    """What it said before, oldest first; `at` is when that was replaced."""
    return [
        {
            "body": str(edit.get("body", "")),
            "at": datetime.fromisoformat(edit["at"]),
            "by": edit.get("by"),
        }
        for edit in of(message, "edits") or []
    ]


def _who(who: str) -> str:
    return _("Cliente") if who == "customer" else _("Empresa")
