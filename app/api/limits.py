"""How often one key may call: a setting, counted in Redis for all processes."""

from flask import request
from flask_openapi3.blueprint import APIBlueprint

from app.extensions import client_address, current_settings, limiter
from app.secrets import digest


def limit(blueprint: APIBlueprint) -> None:
    """Count the calls of this contract's views, each key's together."""
    limiter.limit(_rate, key_func=_caller)(blueprint)


def limit_bearers(blueprint: APIBlueprint) -> None:
    """The same for views whose callers bear a token in `Authorization`."""
    limiter.limit(_rate, key_func=_bearer)(blueprint)


def _rate() -> str:
    return f"{current_settings().api_requests_per_second}/second"


def _caller() -> str:
    """The key without being the key; without one, the address."""
    given = request.headers.get("api-key", "")
    return f"key:{digest(given)[:24]}" if given else f"address:{client_address()}"


def _bearer() -> str:
    given = request.headers.get("Authorization", "")
    return f"bearer:{digest(given)[:24]}" if given else f"address:{client_address()}"
