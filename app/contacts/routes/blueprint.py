"""Where the contacts' pages hang."""

import re
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


def custom_given() -> dict[int, str]:
    """What was typed into custom fields, by their id. Of a check mark the last word counts."""
    found = {}
    for name in request.form:
        if re.fullmatch(r"campo-[0-9]{1,9}", name):
            found[int(name[6:])] = request.form.getlist(name)[-1].replace("\0", "").strip()
    return found


def as_typed(custom: dict[int, str]) -> dict[str, str]:
    """The same by the names of the form, for showing it again."""
    return {f"campo-{field_id}": text for field_id, text in custom.items()}
