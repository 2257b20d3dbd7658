"""The `send-*` methods: what each requires, and how it reads in a line of text."""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask import Blueprint, Response, g, jsonify

from sandbox.zapi.body import Refused, json_object
from sandbox.zapi.outgoing import Outgoing

Body = dict[str, Any]


class Send(NamedTuple):
    """A send method: its required fields and its line in the outbox."""

    required: tuple[str, ...]
    line: Callable[[Body], str]


def _media(label: str, *more: str) -> Callable[[Body], str]:
    def line(body: Body) -> str:
        said = next((str(body[name]) for name in more if body.get(name)), "")
        return f"[{label}] {said}".strip()

    return line


def _choices(items: Any, field: str) -> str:
    if not isinstance(items, list) or not items:
        raise Refused(f"{field} must have at least one item")
    names = [str(item.get("label") or item.get("title") or "") for item in items]
    return " · ".join(name for name in names if name)


def _buttons(body: Body) -> str:
    container = body["buttonList"]
    items = container.get("buttons") if isinstance(container, dict) else None
    return f"[botões] {body['message']} · {_choices(items, 'buttons')}"


def _list(body: Body) -> str:
    container = body["optionList"]
    items = container.get("options") if isinstance(container, dict) else None
    return f"[lista] {body['message']} · {_choices(items, 'options')}"


def _actions(body: Body) -> str:
    types = {item.get("type") for item in body["buttonActions"] if isinstance(item, dict)}
    if "REPLY" in types and len(types) > 1:
        raise Refused("REPLY buttons can not be mixed with CALL or URL buttons")
    return f"[botões] {body['message']} · {_choices(body['buttonActions'], 'buttonActions')}"


SENDS = {
    "send-text": Send(("phone", "message"), lambda body: str(body["message"])),
    "send-image": Send(("phone", "image"), _media("imagem", "caption")),
    "send-audio": Send(("phone", "audio"), _media("áudio")),
    "send-video": Send(("phone", "video"), _media("vídeo", "caption")),
    "send-document": Send(("phone", "document"), _media("documento", "caption", "fileName")),
    "send-location": Send(
        ("phone", "title", "address", "latitude", "longitude"),
        _media("localização", "title"),
    ),
    "send-reaction": Send(("phone", "reaction", "messageId"), _media("reação", "reaction")),
    "send-remove-reaction": Send(("phone", "messageId"), _media("reação removida")),
    "send-button-list": Send(("phone", "message", "buttonList"), _buttons),
    "send-option-list": Send(("phone", "message", "optionList"), _list),
    "send-button-actions": Send(("phone", "message", "buttonActions"), _actions),
}
SECONDS = ("delayMessage", "delayTyping")


def add_routes(calls: Blueprint, outgoing: Outgoing) -> None:
    """One route for all; documents carry their extension in the path."""

    def send(method: str, extension: str = "", **_credentials: str) -> Response:
        body = _checked(method)
        if outgoing.queue_is_full(g.instance):
            raise Refused("queue limit of 1000 messages reached")
        path = f"{method}/{extension}" if extension else method
        trouble = g.fault.delivery_error if g.fault else ""
        sent = outgoing.accept(g.instance, path, body, SENDS[method].line(body), trouble)
        return jsonify(zaapId=sent["queue_id"], messageId=sent["message_id"], id=sent["message_id"])

    names = ", ".join(f'"{name}"' for name in SENDS if name != "send-document")
    calls.add_url_rule(f"/<any({names}):method>", view_func=send, methods=["POST"])
    calls.add_url_rule(
        "/<any('send-document'):method>/<extension>", view_func=send, methods=["POST"]
    )


def _checked(method: str) -> Body:
    body = json_object()
    for name in SENDS[method].required:
        if body.get(name) in (None, "", [], {}):
            raise Refused(f"{name} is required")
    if not isinstance(body["phone"], str):
        raise Refused("phone must be a string")
    for name in SECONDS:
        value = body.get(name)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if value is not None and not (is_number and 0 <= value <= 15):
            raise Refused(f"{name} must be a number of seconds from 1 to 15")
    return body
