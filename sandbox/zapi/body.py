"""Reading a Z-API call's body, refused in the vendor's words."""

from typing import Any

from flask import abort, request


class Refused(Exception):
    """A call that Z-API would refuse as 400; the text goes into `error`."""


def json_object() -> dict[str, Any]:
    """The body; 415 without a JSON content type, Refused when it is no object."""
    if request.mimetype != "application/json":
        abort(415)
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Refused("Invalid JSON body")
    return body


def required_text(body: dict[str, Any], name: str) -> str:
    """A field that must be a text with something in it."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise Refused(f"{name} is required")
    return value


def required_flag(body: dict[str, Any], name: str) -> bool:
    """A field that must be true or false."""
    value = body.get(name)
    if not isinstance(value, bool):
        raise Refused(f"{name} must be a boolean")
    return value
