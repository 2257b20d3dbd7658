"""Reading what the sandbox's own interface is sent; every complaint is in Portuguese."""

from typing import Any

from flask import request


class BadRequest(ValueError):
    """What was sent cannot be used; the text says why. Answered as 400."""


def json_body() -> dict[str, Any]:
    """The request's JSON object; an empty body is an empty object."""
    if not request.get_data():
        return {}
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise BadRequest("O corpo deve ser um objeto JSON.")
    return body


def flag(body: dict[str, Any], name: str, default: bool = False) -> bool:
    """A true or false field."""
    value = body.get(name)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise BadRequest(f"“{name}” deve ser true ou false.")
    return value


def whole(body: dict[str, Any], name: str, low: int, high: int, default: int | None = None) -> int:
    """An integer field between `low` and `high`; `low` when it is missing and has no default."""
    value = body.get(name)
    if value is None:
        return low if default is None else default
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise BadRequest(f"“{name}” deve ser um número inteiro de {low} a {high}.")
    return value


def text(body: dict[str, Any], name: str, longest: int = 4096) -> str:
    """A text field, empty when missing."""
    value = body.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > longest:
        raise BadRequest(f"“{name}” deve ser um texto de até {longest} caracteres.")
    return value
