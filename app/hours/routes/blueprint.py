"""The addresses of the hours, and what an act that cannot be answers."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from app.errors import GuicheError

blueprint = Blueprint("hours", __name__, url_prefix="/configuracoes/horarios")


def fault_of(act: Callable[[], Any]) -> str:
    """What cannot be, in words; nothing when it was done."""
    try:
        act()
    except GuicheError as error:
        if error.status == 404:
            raise
        return error.message
    return ""
