"""What the messages of the demo carry besides words: files made by code, places and cards."""

import io
from typing import Any

from app.integrations.vcards import card
from app.media import service as media
from app.seed import samples

PAYLOADS: dict[str, dict[str, Any]] = {
    "location": {
        "place": {
            "latitude": -16.6869,
            "longitude": -49.2648,
            "name": "Padaria Pão da Vila",
            "address": "Rua das Aroeiras, 120",
        }
    },
    "contact": {"cards": [card("", "Roberto Lima", ["+55 00 90003-0303"])]},
}


def payload_of(kind: str) -> dict[str, Any]:
    """What a message of this kind holds in itself."""
    return dict(PAYLOADS.get(kind, {}))


def hang_file(kind: str, message_id: int, number: int) -> None:
    """The file of a message of this kind, if it has one; another one for each `number`."""
    if kind == "image":
        _keep(samples.picture(seed=number), "foto.jpg", "image/jpeg", message_id)
    elif kind == "audio":
        voice = samples.voice(5 + number % 9, seed=number)
        _keep(voice, "", "audio/ogg; codecs=opus", message_id, is_voice=True)
    elif kind == "video":
        _keep(samples.film(seed=number), "video.mp4", "video/mp4", message_id)
    elif kind == "document":
        pdf = samples.pdf("Comprovante de residência", "Documento de exemplo, sem valor.")
        _keep(pdf, "comprovante de residência.pdf", "application/pdf", message_id)
    elif kind == "sticker":
        _keep(samples.sticker(seed=number), "", "image/webp", message_id, kind="sticker")


def _keep(
    content: bytes,
    name: str,
    declared: str,
    message_id: int,
    *,
    is_voice: bool = False,
    kind: str | None = None,
) -> None:
    kept = media.keep(
        io.BytesIO(content), name, declared, None, is_voice=is_voice, message_id=message_id
    )
    if kind is not None:
        kept.kind = kind
