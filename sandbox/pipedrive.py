"""Pipedrive: persons and deals of its API v2, notes of v1, as its description has them."""

import json
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request

from sandbox.store import Store

TOKEN = "PD-DEMO"  # noqa: S105 - an invented credential of the demo
USER = 1190
LIMIT = 40  # calls in two seconds
TEXTS = {
    400: "Bad request",
    401: "unauthorized access",
    403: "Forbidden",
    404: "Not found",
    429: "request over limit",
    500: "Server error",
}
KINDS = {"persons": "person", "deals": "deal", "notes": "note"}


class Pipedrive:
    """The vendor: joins the sandbox by `World.register`."""

    name = "pipedrive"
    prefix = "/pipedrive/"

    def __init__(self, store: Store) -> None:
        self._store = store
        self.calls = Blueprint("pipedrive_calls", __name__, url_prefix="/pipedrive/api")
        self.controls = Blueprint("pipedrive_controls", __name__, url_prefix="/pipedrive-records")

        @self.controls.get("/<kind>")
        def records(kind: str) -> Response:
            """Everything of one kind, for tests and for the curious."""
            return jsonify(self._all(KINDS.get(kind, kind)))

    def add_calls(self) -> None:
        """Add the vendor's routes, after the faults' guard so that faults strike first."""
        calls = self.calls
        calls.before_request(self._check)
        calls.after_request(_limits)
        calls.get("/v1/users/me")(self._me)
        calls.get("/v2/persons/search")(self._search_persons)
        calls.post("/v2/persons")(self._add_person)
        calls.get("/v2/deals/search")(self._search_deals)
        calls.get("/v2/deals/<int:number>")(self._deal)
        calls.post("/v2/deals")(self._add_deal)
        calls.get("/v1/notes")(self._notes)
        calls.post("/v1/notes")(self._add_note)

    def call_name(self) -> str:
        """The verb and what it is about, such as `POST persons` or `GET deals/search`."""
        return f"{request.method} {request.path.split('/', 4)[-1]}"

    def error_body(self, status: int, text: str = "") -> dict[str, Any]:
        """Their errors."""
        text = text or TEXTS.get(status, "Error")
        return {"success": False, "error": text, "error_info": "", "data": None}

    def reset(self) -> None:
        """Nothing was ever written."""

    def _check(self) -> tuple[Response, int] | None:
        if request.headers.get("x-api-token") == TOKEN:
            return None
        return jsonify(success=False, error=TEXTS[401], errorCode=401), 401

    def _me(self) -> Response:
        return _good({"id": USER, "name": "Bruno Exemplo", "active_flag": True})

    def _search_persons(self) -> Response | tuple[Response, int]:
        term, fields = request.args.get("term", ""), request.args.get("fields", "")
        if len(term) < 2:
            return self._wrong("term must be at least 2 characters long")
        exact = request.args.get("exact_match") == "true"
        found = []
        for one in self._all("person"):
            held = [entry["value"] for entry in one["emails" if fields == "email" else "phones"]]
            if any(_matches(term, value, exact) for value in held):
                found.append(one)
        return _found("person", [_brief(one) for one in found])

    def _add_person(self) -> Response | tuple[Response, int]:
        body = request.get_json(silent=True) or {}
        if not str(body.get("name") or "").strip():
            return self._wrong("name is required")
        given = {name: body.get(name, []) for name in ("emails", "phones")}
        return _good(self._add("person", body | given))

    def _search_deals(self) -> Response:
        term = request.args.get("term", "").casefold()
        found = [one for one in self._all("deal") if one["title"].casefold() == term]
        return _found("deal", found)

    def _deal(self, number: int) -> Response | tuple[Response, int]:
        found = [one for one in self._all("deal") if one["id"] == number]
        return _good(found[0]) if found else (jsonify(self.error_body(404)), 404)

    def _add_deal(self) -> Response | tuple[Response, int]:
        body = request.get_json(silent=True) or {}
        if not str(body.get("title") or "").strip():
            return self._wrong("title is required")
        persons = {one["id"] for one in self._all("person")}
        if body.get("person_id") is not None and body["person_id"] not in persons:
            return self._wrong("person not found")
        return _good(self._add("deal", {"status": "open", "origin": "API", **body}))

    def _notes(self) -> Response:
        deal = request.args.get("deal_id", 0, int)
        return _good([one for one in self._all("note") if one.get("deal_id") == deal])

    def _add_note(self) -> Response | tuple[Response, int]:
        body = request.get_json(silent=True) or {}
        if not body.get("content"):
            return self._wrong("content is required")
        if not any(body.get(name) for name in ("deal_id", "person_id", "org_id", "lead_id")):
            return self._wrong("one of deal_id, person_id, org_id or lead_id is required")
        return _good(self._add("note", body))

    def _add(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        kept = {"owner_id": USER, "add_time": now, "update_time": now, **body}
        number = self._store.insert("pipedrive_records", kind=kind, body=kept)
        return {"id": number, **kept}

    def _all(self, kind: str) -> list[dict[str, Any]]:
        sql = "select id, body from pipedrive_records where kind = ? order by id"
        return [{"id": row["id"], **json.loads(row["body"])} for row in self._store.rows(sql, kind)]

    def _wrong(self, text: str) -> tuple[Response, int]:
        return jsonify(self.error_body(400, text)), 400


def _matches(term: str, value: str, exact: bool) -> bool:
    term, value = term.casefold(), value.casefold()
    return term == value if exact else term in value


def _brief(person: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": person["id"],
        "type": "person",
        "name": person["name"],
        "phones": [one["value"] for one in person["phones"]],
        "emails": [one["value"] for one in person["emails"]],
        "owner": {"id": person["owner_id"]},
    }


def _found(kind: str, items: list[dict[str, Any]]) -> Response:
    data = {"items": [{"result_score": 0.9, "item": {"type": kind, **one}} for one in items]}
    return jsonify(success=True, data=data, additional_data={"next_cursor": None})


def _good(data: Any) -> Response:
    return jsonify(success=True, data=data)


def _limits(response: Response) -> Response:
    left = 0 if response.status_code == 429 else LIMIT - 1
    response.headers["x-ratelimit-limit"] = str(LIMIT)
    response.headers["x-ratelimit-remaining"] = str(left)
    response.headers["x-ratelimit-reset"] = "2"
    return response
