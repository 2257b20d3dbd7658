"""What a column of a spreadsheet can mean, and what it probably means by its name. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.contacts.custom_fields.models import ContactField
from app.contacts.custom_fields.values import fold

MANY = {"phone", "note"}  # several columns may mean these

# How the columns are called in the spreadsheets of others, folded.
_NAMES = {
    "name": ("nome", "nome completo", "cliente", "contato", "name", "full name", "razao social",
             "nome do cliente", "nome do contato"),
    "phone": ("telefone", "celular", "fone", "whatsapp", "tel", "phone", "mobile", "numero",
              "outros telefones", "telefones", "telefone celular", "telefone residencial",
              "telefone com ddd", "contato whatsapp"),
    "cpf": ("cpf", "documento", "cpf do cliente", "cpf cnpj"),
    "email": ("email", "e mail", "mail", "endereco de email", "correio eletronico"),
    "language": ("idioma", "lingua", "language"),
    "labels": ("etiquetas", "etiqueta", "tags", "tag", "marcadores", "labels"),
    "opt_out": ("nao enviar mensagens", "nao enviar", "opt out", "descadastrado", "bloqueado"),
    "note": ("nota", "notas", "observacao", "observacoes", "obs", "comentario", "comentarios"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that a column can mean; `key` is what is kept of the choice."""

    key: str
    name: str


def meanings(fields: Sequence[ContactField]) -> list[Meaning]:
    """Everything a column can mean, in the order in which it is offered."""
    own = [
        Meaning("name", _("Nome")),
        Meaning("phone", _("Telefone")),
        Meaning("cpf", _("CPF")),
        Meaning("email", _("E-mail")),
        Meaning("language", _("Idioma")),
        Meaning("labels", _("Etiquetas")),
        Meaning("opt_out", _("Não enviar mensagens")),
        Meaning("note", _("Nota")),
    ]
    return [*own, *(Meaning(f"field-{field.id}", field.name) for field in fields)]


def guess(header: Sequence[str], fields: Sequence[ContactField]) -> list[str]:
    """What each column means, "" where its name says nothing; the first of two alike wins."""
    taken: set[str] = set()
    found = []
    for title in header:
        key = _meaning_of(title, fields)
        if key in taken and key not in MANY:
            key = ""
        taken.add(key)
        found.append(key)
    return found


def _meaning_of(title: str, fields: Sequence[ContactField]) -> str:
    plain = _plain(title)
    for field in fields:
        if _plain(field.name) == plain:
            return f"field-{field.id}"
    without_number = re.sub(r" ?\d+$", "", plain)
    for key, names in _NAMES.items():
        if plain in names or (key in MANY and without_number in names):
            return key
    return ""


def _plain(title: str) -> str:
    """Its words alone; C.P.F. is one."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(title).replace(".", "")))
