"""Faults on request, the same for every vendor: wrong answers, silence, copies, disorder."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from itertools import count
from typing import Any

import gevent
from flask import Blueprint, Flask, Response, g, jsonify, request

from sandbox.requests_in import BadRequest, flag, json_body, whole

ErrorBody = Callable[[int], dict[str, Any]]
CallName = Callable[[], str]


@dataclass
class Fault:
    """One wish. Calls and webhooks each count `times` for themselves; None is until deleted."""

    id: int
    vendor: str
    call: str = ""
    status: int | None = None
    accepted: bool = False
    delay_ms: int = 0
    drop: bool = False
    refuse: bool = False
    delivery_error: str = ""
    duplicate: int = 0
    reorder: bool = False
    times: int | None = None
    calls_left: int | None = field(default=None)
    webhooks_left: int | None = field(default=None)

    def touches_call(self, call: str) -> bool:
        """Whether the next vendor call named `call` should go wrong by this fault."""
        wants = self.status or self.delay_ms or self.drop or self.refuse or self.delivery_error
        return bool(wants) and self.calls_left != 0 and call.startswith(self.call)

    def touches_webhook(self) -> bool:
        """Whether the next webhook should go wrong by this fault."""
        return bool(self.duplicate or self.reorder) and self.webhooks_left != 0


class Faults:
    """The faults in force. The oldest that fits is used first, so a list of them is a script."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._ids = count(1)

    def add(self, vendor: str, **wishes: Any) -> Fault:
        """Put a fault in force."""
        fault = Fault(id=next(self._ids), vendor=vendor, **wishes)
        fault.calls_left = fault.webhooks_left = fault.times
        self._faults.append(fault)
        return fault

    def active(self) -> list[dict[str, Any]]:
        """Those that can still strike, oldest first."""
        return [asdict(f) for f in self._faults if f.touches_call(f.call) or f.touches_webhook()]

    def clear(self, vendor: str = "") -> None:
        """Drop all faults, or one vendor's."""
        self._faults = [f for f in self._faults if vendor and f.vendor != vendor]

    def take_for_call(self, vendor: str, call: str) -> Fault | None:
        """The fault that this vendor call meets, used up by one."""
        for fault in self._faults:
            if fault.vendor == vendor and fault.touches_call(call):
                if fault.calls_left is not None:
                    fault.calls_left -= 1
                return fault
        return None

    def take_for_webhook(self, vendor: str) -> tuple[int, bool]:
        """How many extra copies the next webhook gets, and whether it swaps with its follower."""
        for fault in self._faults:
            if fault.vendor == vendor and fault.touches_webhook():
                if fault.webhooks_left is not None:
                    fault.webhooks_left -= 1
                return fault.duplicate, fault.reorder
        return 0, False


def guard(
    blueprint: Blueprint, faults: Faults, vendor: str, call_name: CallName, error_body: ErrorBody
) -> None:
    """Let the faults of `vendor` strike every call that reaches `blueprint`."""

    def answer_wrong(fault: Fault, status: int) -> Response:
        response = jsonify(error_body(status))
        response.status_code = status
        return response

    @blueprint.before_request
    def before() -> Response | None:
        fault = g.fault = faults.take_for_call(vendor, call_name())
        if fault is None:
            return None
        if fault.refuse:
            hang_up()
            return Response(status=503)
        if fault.status and not fault.accepted and not fault.drop:
            return answer_wrong(fault, fault.status)
        return None

    @blueprint.after_request
    def after(response: Response) -> Response:
        fault: Fault | None = g.get("fault")
        if fault is None:
            return response
        # The delay comes after the work: the caller waits, the world has already moved on.
        gevent.sleep(fault.delay_ms / 1000)
        if fault.drop:
            hang_up()
        if fault.status and fault.accepted and response.status_code < 300:
            return answer_wrong(fault, fault.status)
        return response


def hang_up() -> None:
    """Close the caller's connection without an answer."""
    request.environ["sandbox.hang_up"]()


def register(app: Flask, faults: Faults, vendors: Callable[[], list[str]]) -> None:
    """`POST|GET|DELETE /faults` for the vendors that have registered."""

    @app.post("/faults")
    def add_fault() -> tuple[Response, int]:
        body = json_body()
        known = vendors()
        vendor = body.get("vendor")
        if vendor not in known:
            raise BadRequest(f"Diga em “vendor” um destes: {', '.join(known)}.")
        fault = faults.add(vendor, **_wishes(body))
        return jsonify(asdict(fault)), 201

    @app.get("/faults")
    def list_faults() -> Response:
        return jsonify(faults.active())

    @app.delete("/faults")
    def clear_faults() -> tuple[str, int]:
        faults.clear(request.args.get("vendor", ""))
        return "", 204


def _wishes(body: dict[str, Any]) -> dict[str, Any]:
    status = whole(body, "status", 0, 599)
    if 0 < status < 100 or 300 <= status < 400 or 100 <= status < 200:
        raise BadRequest("“status” deve ser um código HTTP de erro, entre 400 e 599.")
    times = None if body.get("times") is None else whole(body, "times", 1, 1_000_000)
    for name in ("call", "delivery_error"):
        if not isinstance(body.get(name, ""), str):
            raise BadRequest(f"“{name}” deve ser um texto.")
    return {
        "call": body.get("call", ""),
        "status": status if status >= 400 else None,
        "accepted": flag(body, "accepted"),
        "delay_ms": whole(body, "delay_ms", 0, 120_000),
        "drop": flag(body, "drop"),
        "refuse": flag(body, "refuse"),
        "delivery_error": body.get("delivery_error", ""),
        "duplicate": whole(body, "duplicate", 0, 50),
        "reorder": flag(body, "reorder"),
        "times": times,
    }
