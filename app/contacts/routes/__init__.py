"""Contacts: the list, one contact's page, and the context pane of the inbox."""

from flask import Flask
from flask_babel import gettext as _

from app import secrets
from app.accounts import audit_words
from app.contacts import ids
from app.contacts.models import Contact
from app.contacts.routes import lists, page, pane
from app.contacts.routes.blueprint import blueprint
from app.contacts.service import LANGUAGES

# Importing the pages is what registers them.
__all__ = ["blueprint", "init_app", "lists", "page", "pane"]

# How the audit log names what is done here.
_AUDITED = {
    "contact.created": "Criou o contato",
    "contact.edited": "Editou o contato",
    "contact.phone_added": "Acrescentou um telefone",
    "contact.phone_removed": "Removeu um telefone",
    "contact.cpf_shown": "Viu o CPF",
    "contact.merged": "Juntou contatos",
    "contact.separated": "Desfez a junção",
}
_FIELDS = {
    "phone": "telefone",
    "cpf": "CPF",
    "language": "idioma",
    "absorbed": "contato juntado",
}


def init_app(app: Flask) -> None:
    """Add the pages, and how templates write telephones and CPFs."""
    audit_words.ACTIONS.update(_AUDITED)
    audit_words.ENTITIES.update({"contact": "contato"})
    audit_words.FIELDS.update(_FIELDS)
    audit_words.VALUES.update(LANGUAGES)
    app.register_blueprint(blueprint)
    app.jinja_env.filters.update(
        phone=ids.display_phone, masked_cpf=ids.mask_cpf, cpf_mark=_cpf_mark, name_of=name_of
    )


def name_of(contact: Contact) -> str:
    """How screens call a contact: the name, else the telephone."""
    if contact.name:
        return contact.name
    phone = contact.phone_if_nameless
    return ids.display_phone(phone) if phone else _("Sem nome")


def _cpf_mark(contact: Contact) -> str:
    return secrets.mark(f"{contact.id}:{contact.cpf}")
