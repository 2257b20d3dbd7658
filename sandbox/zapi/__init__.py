"""Z-API, an unofficial WhatsApp gateway, as its public notes describe it."""

from typing import Any

from flask import Blueprint, request

from sandbox.store import Row
from sandbox.world import World
from sandbox.zapi import api, controls, sends
from sandbox.zapi.incoming import Incoming
from sandbox.zapi.instances import Instances
from sandbox.zapi.outgoing import Outgoing
from sandbox.zapi.wire import Wire

TEXTS = {
    400: "Invalid request",
    403: "Forbidden",
    404: "Unable to find matching target resource method",
    405: "Method Not Allowed",
    413: "Payload Too Large",
    415: "Unsupported Media Type",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


class ZApi:
    """The vendor: joins the sandbox by `World.register`."""

    name = "zapi"
    prefix = "/instances/"

    def __init__(self, world: World) -> None:
        self._instances = Instances(world.store, world.settings)
        wire = Wire(world, self._instances)
        self._outgoing, self._incoming = Outgoing(wire), Incoming(wire)
        self.calls = Blueprint(
            "zapi_calls", __name__, url_prefix="/instances/<instance_id>/token/<token>"
        )
        self.controls = Blueprint("zapi_controls", __name__, url_prefix="/zapi")
        controls.add_routes(self.controls, wire, self._outgoing, self._incoming)

    def add_calls(self) -> None:
        """Add the vendor's routes, after the faults' guard so that faults strike first."""
        api.add_routes(self.calls, self._instances, self._outgoing)
        sends.add_routes(self.calls, self._outgoing)

    def call_name(self) -> str:
        """The method's name, such as `send-text` or `status`."""
        return request.path.split("/", 5)[5] if request.path.count("/") >= 5 else ""

    def error_body(self, status: int, text: str = "") -> dict[str, Any]:
        """Z-API's errors: `{"error": text}`."""
        return {"error": text or TEXTS.get(status, "Error")}

    def reset(self) -> None:
        """Only the instance of the environment, connected."""
        self._instances.ensure_own()
        self._outgoing.reset()

    def accounts(self) -> list[Row]:
        """The instances a customer can write to."""
        return self._instances.listed()

    def customer_wrote(self, phone: Row, draft: dict[str, Any]) -> Row:
        """What a customer types becomes a ReceivedCallback."""
        return self._incoming.customer_wrote(phone, draft)

    def company_wrote(self, phone: Row, draft: dict[str, Any]) -> Row:
        """What someone types on the company's telephone comes back as an echo, fromApi false."""
        return self._incoming.company_wrote(phone, draft)
