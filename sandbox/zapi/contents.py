"""What a customer's message carries, in the shape of Z-API's webhooks."""

from typing import Any

from sandbox.samples import SECONDS
from sandbox.store import Row, now_ms

OPTIONS = ["Manhã", "Tarde"]


def fields(draft: dict[str, Any], reference: str, phone: Row) -> dict[str, Any]:
    """The fields by which this message differs from an empty one."""
    found: dict[str, Any] = {"referenceMessageId": draft["reference"] or None}
    if draft["edits"]:
        found["isEdit"] = True
    if draft["kind"] == "revoke":
        found |= {"notification": "REVOKE", "notificationParameters": []}
        return found | {"referenceMessageId": reference}
    return found | _content(draft, reference, phone)


def _content(draft: dict[str, Any], reference: str, phone: Row) -> dict[str, Any]:
    kind, text, file = draft["kind"], draft["text"], draft["file"]
    if file:
        return {kind: _media(kind, text, file)}
    makers: dict[str, tuple[str, dict[str, Any]]] = {
        "text": ("text", {"message": text}),
        "location": ("location", _place(text)),
        "contact": ("contact", _card(text)),
        "poll": ("poll", _poll(text, draft["options"])),
        "vote": ("pollVote", {"pollMessageId": reference, "options": _named(draft["options"])}),
        "button": ("buttonsResponseMessage", {"buttonId": "1", "message": text or "Quero falar"}),
        "list": ("listResponseMessage", _from_list(text or "Segunda via do boleto")),
        "reaction": ("reaction", _reaction(text, reference, phone)),
    }
    key, value = makers[kind]
    return {key: value}


def _media(kind: str, text: str, file: Row) -> dict[str, Any]:
    url, mime = file["url"], file["type"]
    if kind == "image":
        return {
            "imageUrl": url,
            "thumbnailUrl": url,
            "mimeType": mime,
            "caption": text,
            "width": 1080,
            "height": 810,
            "viewOnce": False,
        }
    if kind == "audio":
        seconds = {"ptt": True, "seconds": SECONDS}
        return {**seconds, "audioUrl": url, "mimeType": mime, "viewOnce": False}
    if kind == "video":
        caption = {"caption": text, "mimeType": mime}
        return {"videoUrl": url, **caption, "seconds": 4, "viewOnce": False}
    if kind == "sticker":
        return {"stickerUrl": url, "mimeType": mime}
    document = {
        "documentUrl": url,
        "mimeType": mime,
        "title": file["name"],
        "fileName": file["name"],
        "pageCount": 1,
        "thumbnailUrl": url,
    }
    return document | ({"caption": text} if text else {})


def _place(text: str) -> dict[str, Any]:
    return {
        "latitude": -15.793889,
        "longitude": -47.882778,
        "name": text or "Praça Fictícia",
        "address": "Rua Inventada, 100",
        "url": "",
        "thumbnailUrl": "",
    }


def _card(text: str) -> dict[str, Any]:
    name = text or "Contato Fictício"
    return {
        "displayName": name,
        "vCard": f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\n"
        "TEL;waid=5500900019999:+55 00 90001-9999\nEND:VCARD",
        "phones": ["5500900019999"],
    }


def _poll(text: str, options: list[str]) -> dict[str, Any]:
    question = text or "Qual horário?"
    return {"question": question, "pollMaxOptions": 1, "options": _named(options or OPTIONS)}


def _named(options: list[str]) -> list[dict[str, str]]:
    return [{"name": option} for option in options]


def _from_list(text: str) -> dict[str, Any]:
    return {"message": text, "title": text, "selectedRowId": "1"}


def _reaction(text: str, reference: str, phone: Row) -> dict[str, Any]:
    return {
        "value": text,
        "time": now_ms(),
        "reactionBy": phone["number"],
        "referencedMessage": {
            "messageId": reference,
            "fromMe": True,
            "phone": phone["number"],
            "participant": None,
        },
    }
