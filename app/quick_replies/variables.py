"""What a ready text may leave open: {{nome}} and the like, filled where it is written."""

import re
from dataclasses import dataclass

from flask_babel import gettext as _

# Also what nobody knows: it is marked in the composer and must be filled before the text leaves.
BLANK = re.compile(r"\{\{\s*([^{}]{1,60}?)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Variable:
    """One name, what it stands for, and an example for the preview."""

    name: str
    meaning: str
    example: str


def known() -> list[Variable]:
    """Every variable that the composer can fill."""
    return [
        Variable("primeiro_nome", _("primeiro nome do cliente"), "Marina"),
        Variable("nome", _("nome do cliente"), "Marina Alves"),
        Variable("saudacao", _("bom dia, boa tarde ou boa noite"), _("bom dia")),
        Variable("atendente", _("seu primeiro nome"), "Ana"),
        Variable("empresa", _("nome da empresa"), "Guichê"),
        Variable("canal", _("canal da conversa"), "WhatsApp"),
        Variable("protocolo", _("número do protocolo"), "20261127-0001"),
        Variable("data", _("data de hoje"), "27/11/2026"),
        Variable("hora", _("hora de agora"), "14:32"),
    ]


def blanks(text: str) -> list[str]:
    """The names of what is still open in a text, each once."""
    return list(dict.fromkeys(BLANK.findall(text)))
