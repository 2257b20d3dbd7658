"""Where the contacts' pages hang."""

from typing import Any

from flask import Blueprint, request

blueprint = Blueprint("contacts", __name__, url_prefix="/contatos")

ONE = "/<int(max=9223372036854775807):contact_id>"


def here() -> dict[str, Any]:
    """Where the card stands, for the addresses in it: beside a conversation, or on the page."""
    return {
        "conversa": request.values.get("conversa", None, int),
        "vista": "pagina" if request.values.get("vista") == "pagina" else None,
    }
