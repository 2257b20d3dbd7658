"""What a Z-API message carries: its kind, the words of it, and what is kept for later."""

from collections.abc import Callable
from typing import Any, TypeGuard

from app.integrations.zapi_extras import extras, options

Payload = dict[str, Any]
Content = tuple[str, str, Payload]  # kind, body, kept payload


def content(payload: Payload) -> Content | None:
    """Kind, body and kept payload; None where the message carries nothing."""
    for key, (kind, body) in _KINDS.items():
        value = payload.get(key)
        if value is None:
            continue
        words = body(value) if isinstance(value, dict) else None
        if words is not None:
            plain = key == "text" and value.keys() <= {"message"}
            return kind, words, _kept(payload) if plain else _kept(payload, key)
        if key == "text" and isinstance(value, str) and value:
            return "text", value, {}
        return "unsupported", "", _kept(payload, key)
    unknown = [key for key, value in payload.items() if key not in _ENVELOPE and _holds(value)]
    if unknown:
        return "unsupported", "", _kept(payload, *unknown)
    return None


def _holds(value: Any) -> bool:
    return isinstance(value, (dict, list)) and bool(value)


def _kept(payload: Payload, *keys: str) -> Payload:
    kept = {key: payload[key] for key in keys} | extras(payload)
    if payload.get("forwarded") is True:
        kept["forwarded"] = True
    if _holds(payload.get("externalAdReply")):
        kept["externalAdReply"] = payload["externalAdReply"]
    return kept


def _first(*names: str) -> Callable[[Payload], str | None]:
    """The first of these fields that is a text, else an empty one."""

    def read(value: Payload) -> str | None:
        found = (value.get(name) for name in names)
        return next((text for text in found if _is_text(text)), "")

    return read


def _words(name: str) -> Callable[[Payload], str | None]:
    """This field's text; None (so: unsupported) when there is none."""

    def read(value: Payload) -> str | None:
        found = value.get(name)
        if isinstance(found, (int, float)) and not isinstance(found, bool):
            return str(found)
        return found if _is_text(found) else None

    return read


def _choices(value: Payload) -> str:
    return ", ".join(options(value))


def _is_text(value: Any) -> TypeGuard[str]:
    return isinstance(value, str) and bool(value)


# Content key -> (our kind, how its words are read). What a customer chose from buttons or a list
# is what they said: a text.
_KINDS: dict[str, tuple[str, Callable[[Payload], str | None]]] = {
    "text": ("text", _words("message")),
    "image": ("image", _first("caption")),
    "audio": ("audio", _first()),
    "video": ("video", _first("caption")),
    "document": ("document", _first("caption", "fileName", "title")),
    "sticker": ("sticker", _first()),
    "location": ("location", _first("name", "address")),
    "contact": ("contact", _first("displayName")),
    "contacts": ("contact", _first("displayName")),
    "reaction": ("reaction", _first("value")),
    "buttonsResponseMessage": ("text", _words("message")),
    "listResponseMessage": ("text", _words("message")),
    "hydratedTemplate": ("text", _words("message")),
    "pollVote": ("vote", _choices),
    "poll": ("poll", _first("question")),
}
_ENVELOPE = {
    *("type", "instanceId", "messageId", "phone", "chatLid", "senderLid", "connectedPhone"),
    *("fromMe", "fromApi", "isGroup", "isNewsletter", "broadcast", "forwarded", "isEdit"),
    *("isStatusReply", "waitingMessage", "momment", "status", "chatName", "senderName"),
    *("senderPhoto", "photo", "participantPhone", "participantLid", "referenceMessageId"),
    *("messageExpirationSeconds", "externalAdReply", "notification", "callId", "code"),
    *("notificationParameters", "profileName", "requestMethod", "statusImage"),
    *("broadcastRecipients", "zaapId", "id", "ids"),
}
