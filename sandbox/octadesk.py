"""Octadesk: numbers, templates, conversations and their messages, as its description has them."""

import json
import uuid
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request

from sandbox.store import Store

KEY = "OCTA-DEMO"
NUMBER = "+551140000000"
TEMPLATES = (
    {
        "id": "64f0c0ffee0000000000a001",
        "name": "atendimento_titular",
        "status": "approved",
        "category": "UTILITY",
        "enable": True,
        "createdBy": {"name": "Admin"},
        "createdAt": "2026-08-01T12:00:00.000Z",
        "components": [
            {
                "type": "body",
                "message": "Olá {{var-1}}, há um atendimento seu. Confirme em {{var-2}}.",
            }
        ],
    },
    {
        "id": "64f0c0ffee0000000000a002",
        "name": "campanha_pausada",
        "status": "approved",
        "category": "MARKETING",
        "enable": False,
        "createdBy": {"name": "Admin"},
        "createdAt": "2026-08-02T12:00:00.000Z",
        "components": [{"type": "body", "message": "Olá {{var-1}}."}],
    },
)
TEXTS = {401: "Unauthorized", 403: "Forbidden", 404: "Not found", 429: "Too many requests"}


class Octadesk:
    """The vendor: joins the sandbox by `World.register`."""

    name = "octadesk"
    prefix = "/octadesk/"

    def __init__(self, store: Store) -> None:
        self._store = store
        self.calls = Blueprint("octadesk_calls", __name__, url_prefix="/octadesk")
        self.controls = Blueprint("octadesk_controls", __name__, url_prefix="/octadesk-records")

        @self.controls.get("/messages")
        def records() -> Response:
            """Everything that was sent or received, for tests and for the curious."""
            return jsonify(self._all("message"))

        @self.controls.post("/inbound")
        def inbound() -> tuple[Response, int]:
            """A customer writes: `{"phone": "+55…", "body": "…"}`."""
            body = request.get_json(silent=True) or {}
            room = self._room_of(str(body.get("phone", "")), "")
            self._write(room, str(body.get("body", "")), "contact")
            return jsonify(room=room), 201

    def add_calls(self) -> None:
        """Add the vendor's routes, after the faults' guard so that faults strike first."""
        calls = self.calls
        calls.before_request(self._check)
        calls.get("/auth/check")(_key_is_good)
        calls.get("/chat/numbers")(_numbers)
        calls.get("/chat/templates-message")(_templates)
        calls.get("/chat")(self._rooms)
        calls.get("/chat/<room>/messages")(self._messages)
        calls.post("/chat/<room>/messages")(self._add_message)
        calls.post("/chat/send-template")(self._send_template)

    def call_name(self) -> str:
        """The verb and what it is about, such as `POST send-template`."""
        return f"{request.method} {request.path.rsplit('/', 1)[-1]}"

    def error_body(self, status: int, text: str = "") -> dict[str, Any]:
        """Their errors."""
        return {"code": f"E{status}", "message": text or TEXTS.get(status, "Error")}

    def reset(self) -> None:
        """Nothing was ever written."""

    def _check(self) -> tuple[Response, int] | None:
        if request.headers.get("X-API-KEY") == KEY:
            return None
        return jsonify(self.error_body(401)), 401

    def _rooms(self) -> Response:
        wanted = request.args.get("filters[0][value]", "")
        rooms = [
            one
            for one in self._all("room")
            if wanted in one["contact"]["phoneContacts"][0]["number"]
        ]
        return jsonify(rooms)

    def _messages(self, room: str) -> Response | tuple[Response, int]:
        if not request.args.get("sort[property]"):
            return jsonify(self.error_body(400, "sort is required")), 400
        found = [one for one in self._all("message") if one["chatId"] == room]
        return jsonify(found[::-1])

    def _add_message(self, room: str) -> Response | tuple[Response, int]:
        body = request.get_json(silent=True) or {}
        if not any(one["id"] == room for one in self._all("room")):
            return jsonify(self.error_body(404)), 404
        if not str(body.get("body") or "").strip():
            return jsonify(self.error_body(400, "body is required")), 400
        return jsonify(self._write(room, str(body["body"]), "agent")), 201

    def _send_template(self) -> Response | tuple[Response, int]:
        body = request.get_json(silent=True) or {}
        try:
            target = body["target"]["contact"]
            wanted = body["content"]["templateMessage"]
            known = next(one for one in TEMPLATES if one["id"] == wanted["id"] and one["enable"])
            is_ours = body["origin"]["contact"]["code"] == NUMBER
        except (KeyError, TypeError, StopIteration):
            is_ours = False
        if not is_ours:
            return jsonify({"code": "NOT_MAPPED", "message": "Cannot map the request"}), 500
        text = known["components"][0]["message"]  # type: ignore[index]
        for one in wanted.get("variables", []):
            text = text.replace("{{" + one["key"] + "}}", one["value"])
        room = self._room_of(str(target["code"]), str(target.get("name", "")))
        sent = self._write(room, text, "agent")
        result = {"messageKey": sent["id"], "roomKey": room}
        answer = {"result": result, "error": None, "errorCode": None, "errorMessage": None}
        return jsonify(answer), 201

    def _room_of(self, phone: str, name: str) -> str:
        local = phone.removeprefix("+55")
        for one in self._all("room"):
            if _number_of(one) == local:
                return str(one["id"])
        number = str(uuid.uuid4())
        contact = {
            "id": f"c-{local}",
            "name": name,
            "phoneContacts": [{"number": local, "countryCode": "55", "type": 1}],
        }
        room = {
            "id": number,
            "channel": "whatsapp",
            "status": "talking",
            "contact": contact,
            "createdAt": _now(),
            "lastMessageDate": _now(),
            "withBot": False,
            "tags": [],
        }
        self._add("room", room)
        return number

    def _write(self, room: str, text: str, by: str) -> dict[str, Any]:
        return self._add(
            "message",
            {"id": f"m-{uuid.uuid4()}", "chatId": room, "time": _now(), "type": "public",
             "body": text, "status": "sended" if by == "agent" else "received",
             "sentBy": {"type": by, "id": "a-1", "name": ""}, "attachments": []},
        )  # fmt: skip

    def _add(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        self._store.insert("octadesk_records", kind=kind, body=body)
        return body

    def _all(self, kind: str) -> list[dict[str, Any]]:
        sql = "select body from octadesk_records where kind = ? order by id"
        return [json.loads(row["body"]) for row in self._store.rows(sql, kind)]


def _key_is_good() -> Response:
    return jsonify(True)


def _numbers() -> Response:
    return jsonify([{"id": "n-1", "name": "Matriz", "number": NUMBER}])


def _templates() -> Response:
    return jsonify(list(TEMPLATES))


def _number_of(room: dict[str, Any]) -> str:
    return str(room["contact"]["phoneContacts"][0]["number"])


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
