"""The sandbox's own interface to its Z-API: outbox, deliveries, instances, connection."""

import json

from flask import Blueprint, Response, jsonify, request

from sandbox.requests_in import BadRequest, flag, json_body, text
from sandbox.store import iso
from sandbox.webhooks import attempts
from sandbox.zapi.incoming import Incoming
from sandbox.zapi.outgoing import Outgoing
from sandbox.zapi.wire import Wire

PRESENCES = ("UNAVAILABLE", "AVAILABLE", "COMPOSING", "RECORDING", "PAUSED")


def add_routes(controls: Blueprint, wire: Wire, outgoing: Outgoing, incoming: Incoming) -> None:
    """Routes below `/zapi`."""
    _records(controls, wire)

    @controls.post("/instances/<instance_id>/connection")
    def connection(instance_id: str) -> Response:
        instance = wire.instances.find(instance_id)
        if instance is None:
            raise BadRequest("Não há instância com este identificador.")
        body = json_body()
        if "connected" not in body:
            raise BadRequest("Diga “connected”: true ou false.")
        outgoing.connect(instance, flag(body, "connected"))
        return jsonify(id=instance_id, connected=flag(body, "connected"))

    @controls.post("/presence")
    def presence() -> tuple[str, int]:
        body = json_body()
        own = wire.settings.zapi_instance_id
        instance = wire.instances.find(text(body, "instance") or own)
        phone = wire.phone(text(body, "phone"))
        if instance is None or phone is None or body.get("status") not in PRESENCES:
            raise BadRequest(f"Diga “phone” e “status”: {', '.join(PRESENCES)}.")
        incoming.presence(instance, phone, body["status"])
        return "", 204


def _records(controls: Blueprint, wire: Wire) -> None:
    @controls.get("/outbox")
    def outbox() -> Response:
        rows = wire.store.rows("select * from outbox where vendor = 'zapi' order by seq")
        shown = [
            {
                "instance": row["account"],
                "method": row["method"],
                "phone": row["phone"],
                "text": row["text"],
                "messageId": row["message_id"],
                "zaapId": row["queue_id"],
                "at": iso(row["at"]),
                "state": row["state"],
                "body": json.loads(row["body"]),
            }
            for row in rows
        ]
        return jsonify(shown)

    @controls.get("/deliveries")
    def deliveries() -> Response:
        limit = request.args.get("limit", "500")
        if not (limit.isascii() and limit.isdigit() and 0 < int(limit) <= 100_000):
            raise BadRequest("“limit” deve ser um número de 1 a 100000.")
        return jsonify(attempts(wire.store, "zapi", int(limit)))

    @controls.get("/instances")
    def instances() -> Response:
        return jsonify(wire.instances.listed())
