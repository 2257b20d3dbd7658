"""The file that a Z-API message announces; every field can be missing, null or of another type."""

from typing import Any

from app.integrations.base import Media

# Content key -> the field that holds the file's address.
_ADDRESSES = {
    "image": "imageUrl",
    "audio": "audioUrl",
    "video": "videoUrl",
    "document": "documentUrl",
    "sticker": "stickerUrl",
}
_LONGEST_SECONDS = 86_400
_MOST_PIXELS_A_SIDE = 100_000


def media(payload: dict[str, Any]) -> Media | None:
    """What is said of the message's file; None when it announces none."""
    for kind, field in _ADDRESSES.items():
        value = payload.get(kind)
        if isinstance(value, dict):
            return _of(kind, field, value)
    return None


def _of(kind: str, field: str, value: dict[str, Any]) -> Media:
    lost = bool(value.get("downloadError"))
    address = value.get(field)
    usable = isinstance(address, str) and address.startswith(("http://", "https://")) and not lost
    return Media(
        kind=kind,
        url=str(address).strip() if usable else None,
        declared_type=_text(value.get("mimeType")).partition(";")[0].strip().lower(),
        name=_text(value.get("fileName"))
        or (_text(value.get("title")) if kind == "document" else ""),
        width=_whole(value.get("width"), _MOST_PIXELS_A_SIDE),
        height=_whole(value.get("height"), _MOST_PIXELS_A_SIDE),
        seconds=_whole(value.get("seconds"), _LONGEST_SECONDS),
        pages=_whole(value.get("pageCount"), 100_000),
        is_voice=value.get("ptt") is True or (kind == "audio" and "ptt" not in value),
        view_once=value.get("viewOnce") is True,
    )


def _text(value: Any) -> str:
    return value[:500] if isinstance(value, str) else ""


def _whole(value: Any, most: int) -> int | None:
    """A positive whole number, however it is spelt; None for what cannot be one."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = int(float(value))
    except (ValueError, OverflowError):
        return None
    return number if 0 < number <= most else None
