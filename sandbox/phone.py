"""The telephones: their pages, and the interface by which tests type on them."""

import hashlib
import json
from typing import Any

from flask import Blueprint, Flask, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from sandbox.files import Files
from sandbox.numbers import BadNumber, digits_of, shown
from sandbox.requests_in import BadRequest, flag, json_body, text, whole
from sandbox.store import Row, iso
from sandbox.webhooks import attempts
from sandbox.world import Carrier, World

# Area code 00 belongs to nobody.
SUGGESTED = {
    "5500900010001": "Marina Alves",
    "5500900020001": "Rosângela Prado",
    "5500900020002": "Davi Monteiro",
    "5500900010002": "José Antônio da Silva Santos",
    "5500900010003": "Fernanda D'Ávila Ribeiro",
    "5500900010005": "Ana Beatriz Lopes",
}
KINDS = {
    "text": "Texto",
    "image": "Imagem",
    "audio": "Áudio",
    "video": "Vídeo",
    "document": "Documento",
    "location": "Localização",
    "contact": "Contato",
    "sticker": "Figurinha",
    "poll": "Enquete",
    "button": "Botão",
    "list": "Lista",
    "reaction": "Reação",
}
# What is done to a message that is there already.
ACTS = {"vote": "Voto", "revoke": "Apagar"}
DEFAULT_CARRIER = "zapi"


def register(app: Flask, world: World) -> None:
    """Add the pages and the interface."""
    pages = Blueprint("phone", __name__)
    _add_pages(pages, world)
    _add_messages(pages, world)
    _add_state(pages, world)
    app.register_blueprint(pages)

    @app.errorhandler(BadNumber)
    def bad_number(error: BadNumber) -> tuple[Response, int]:
        return jsonify(error=str(error)), 400


def _add_pages(pages: Blueprint, world: World) -> None:
    @pages.get("/")
    def phones() -> AnyResponse | str:
        wanted = request.args.get("number")
        if wanted is not None:
            try:
                number = digits_of(wanted)
            except BadNumber as error:
                return Response(_index(world, wanted, str(error)), 400)
            return redirect(url_for("phone.phone_page", number=number))
        return _index(world)

    @pages.get("/phone/<number>")
    def phone_page(number: str) -> str:
        phone = _phone(world, number)
        return render_template(
            "phone.html",
            phone=phone,
            number=shown(phone["number"]),
            people=_people(world),
            kinds={n: label for n, label in KINDS.items() if n not in ("text", "reaction")},
        )

    @pages.put("/phone/<number>")
    def change_phone(number: str) -> Response:
        phone, body = _phone(world, number), json_body()
        _change(world, phone, body)
        return jsonify(_described(_phone(world, number)))


def _add_messages(pages: Blueprint, world: World) -> None:
    @pages.get("/phone/<number>/messages")
    def list_messages(number: str) -> Response:
        found = world.store.messages(_phone(world, number)["key"], limit=10_000)
        return jsonify([_message(row) for row in found])

    @pages.post("/phone/<number>/messages")
    def customer_message(number: str) -> tuple[Response, int]:
        body = json_body()
        carrier, draft = _drafted(world, body, needs_text=body.get("kind", "text") == "text")
        phone = _phone(world, number)
        _change(world, phone, body)
        message = carrier.customer_wrote(_phone(world, number), draft)
        return jsonify(_message(message)), 201

    @pages.post("/phone/<number>/company-messages")
    def company_message(number: str) -> tuple[Response, int]:
        carrier, draft = _drafted(world, json_body(), needs_text=True)
        message = carrier.company_wrote(_phone(world, number), draft)
        return jsonify(_message(message)), 201


def _add_state(pages: Blueprint, world: World) -> None:
    @pages.get("/phone/<number>/state")
    def state(number: str) -> Response | tuple[str, int]:
        """All that the page shows; 204 when that is what it already has."""
        phone = _phone(world, number)
        shows = {
            "phone": _described(phone),
            "accounts": [a for c in world.carriers.values() for a in c.accounts()],
            "messages": [_message(row) for row in world.store.messages(phone["key"], 300)],
            "webhooks": _webhooks(world, phone),
            "faults": world.faults.active(),
        }
        version = hashlib.sha256(json.dumps(shows).encode()).hexdigest()[:16]
        if request.args.get("version") == version:
            return "", 204
        return jsonify(shows | {"version": version})


def _index(world: World, wanted: str = "", error: str = "") -> str:
    return render_template("phones.html", people=_people(world), wanted=wanted, error=error)


def _people(world: World) -> list[Row]:
    """Recent conversations, then the suggested customers who have none."""
    recent = [
        row | {"shown": shown(row["number"]), "preview": row["preview"], "time": iso(row["at"])}
        for row in world.store.recent_phones()
    ]
    known = {row["number"] for row in recent}
    suggested = [
        {"number": number, "name": name, "shown": shown(number), "preview": "", "time": ""}
        for number, name in SUGGESTED.items()
        if number not in known
    ]
    return recent + suggested


def _phone(world: World, number: str) -> Row:
    phone = world.store.phone(number)
    suggested = SUGGESTED.get(phone["number"])
    if suggested and not phone["name"]:
        phone = world.store.phone(number, suggested)
    return phone


def _change(world: World, phone: Row, body: dict[str, Any]) -> None:
    name, lid = text(body, "name", 80).strip() or phone["name"], text(body, "lid", 64)
    use_lid = flag(body, "use_lid", bool(phone["use_lid"]))
    if lid and not lid.endswith("@lid"):
        raise BadRequest("“lid” termina em @lid.")
    taken = world.store.row("select key from phones where lid = ?", lid)
    if taken and taken["key"] != phone["key"]:
        raise BadRequest("Este “lid” já é de outro telefone.")
    world.store.run(
        "update phones set name = ?, lid = ?, use_lid = ? where key = ?",
        name,
        lid or phone["lid"],
        use_lid,
        phone["key"],
    )


def _drafted(
    world: World, body: dict[str, Any], needs_text: bool
) -> tuple[Carrier, dict[str, Any]]:
    kind, raw = body.get("kind") or "text", body.get("raw") or {}
    if kind not in KINDS and kind not in ACTS:
        raise BadRequest(f"“kind” deve ser um destes: {', '.join([*KINDS, *ACTS])}.")
    if not isinstance(raw, dict):
        raise BadRequest("“raw” deve ser um objeto.")
    said = text(body, "text", 65_536)
    if needs_text and not said.strip() and not raw:
        raise BadRequest("Escreva a mensagem em “text”.")
    carrier, account = _account(world, body)
    return carrier, {
        "account": account,
        "kind": kind,
        "text": said,
        "raw": raw,
        "messageId": text(body, "messageId", 200),
        "momment": whole(body, "momment", 0, 10**15),
        "copies": whole(body, "copies", 1, 50),
        "reference": text(body, "referenceMessageId", 200),
        "edits": text(body, "edits", 200),
        "options": _options(body),
        "file": Files(world.store, world.settings).take(kind, body),
    }


def _options(body: dict[str, Any]) -> list[str]:
    """A poll's answers, or the ones voted for."""
    options = body.get("options") or []
    if not isinstance(options, list) or not all(isinstance(o, str) and o for o in options):
        raise BadRequest("“options” deve ser uma lista de textos.")
    return options[:12]


def _account(world: World, body: dict[str, Any]) -> tuple[Carrier, str]:
    name = text(body, "vendor") or DEFAULT_CARRIER
    carrier = world.carriers.get(name)
    if carrier is None:
        raise BadRequest(f"“vendor” deve ser um destes: {', '.join(world.carriers)}.")
    accounts = [account["id"] for account in carrier.accounts()]
    wanted = text(body, "instance") or accounts[0]
    if wanted not in accounts:
        raise BadRequest("Não há conta da empresa com este “instance”.")
    return carrier, wanted


def _described(phone: Row) -> dict[str, Any]:
    return {
        "number": phone["number"],
        "shown": shown(phone["number"]),
        "name": phone["name"],
        "lid": phone["lid"],
        "use_lid": bool(phone["use_lid"]),
    }


def _message(row: Row) -> dict[str, Any]:
    """A message in the words of the interface; facts that do not apply are left out."""
    base = {
        "id": row["id"],
        "from": row["sender"],
        "text": row["text"],
        "status": row["status"],
        "at": iso(row["at"]),
        "kind": row["kind"],
        "instance": row["account"],
    }
    if row["error"]:
        base["error"] = row["error"]
    return base | {name: value for name, value in row["extra"].items() if value}


def _webhooks(world: World, phone: Row) -> list[Row]:
    wanted = ("id", "type", "event", "status", "result", "error", "attempt", "at")
    found = [
        {name: row[name] for name in wanted}
        for carrier in world.carriers
        for row in attempts(world.store, carrier, 8, phone["key"])
    ]
    return sorted(found, key=lambda row: -row["id"])[:8]
