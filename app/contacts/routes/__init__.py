"""Contacts: the list, one contact's page, and the context pane of the inbox."""

from flask import Flask
from flask_babel import gettext as _

from app import secrets
from app.accounts import audit_words
from app.contacts import ids
from app.contacts.files import service as contact_files
from app.contacts.models import Contact
from app.contacts.presenting import name_of
from app.contacts.routes import exports, fields, files, imports, lists, page, pane
from app.contacts.routes.blueprint import blueprint
from app.contacts.service import LANGUAGES
from app.contacts.transfers import sockets, undoing
from app.words import N_, said

# Importing the pages is what registers them.
__all__ = [
    "blueprint",
    "exports",
    "fields",
    "files",
    "imports",
    "init_app",
    "lists",
    "page",
    "pane",
    "sockets",
]

# How the audit log names what is done here.
_AUDITED = {
    "contact.created": N_("Criou o contato"),
    "contact.edited": N_("Editou o contato"),
    "contact.phone_added": N_("Acrescentou um telefone"),
    "contact.phone_removed": N_("Removeu um telefone"),
    "contact.cpf_shown": N_("Viu o CPF"),
    "contact.merged": N_("Juntou contatos"),
    "contact.separated": N_("Desfez a junção"),
    "contact.labelled": N_("Pôs uma etiqueta"),
    "contact.unlabelled": N_("Tirou uma etiqueta"),
    "contact.file_added": N_("Anexou um arquivo"),
    "contact.file_removed": N_("Removeu um arquivo"),
    "contact.file_put_back": N_("Devolveu um arquivo removido"),
    "contact.opted_out": N_("Não enviar mensagens"),
    "contact.opted_in": N_("Voltou a aceitar mensagens"),
    "contact_field.created": N_("Criou o campo"),
    "contact_field.edited": N_("Editou o campo"),
    "contact_field.archived": N_("Arquivou o campo"),
    "contact_field.restored": N_("Restaurou o campo"),
    "contacts.import_started": N_("Começou a importação"),
    "contacts.import_cancelled": N_("Cancelou a importação"),
    "contacts.imported": N_("Importou contatos"),
    "contacts.import_undo_started": N_("Começou a desfazer a importação"),
    "contacts.import_undone": N_("Desfez a importação"),
    "contact.removed": N_("Removeu o contato ao desfazer a importação"),
    "contacts.exported": N_("Exportou contatos"),
    "contact_field.moved": N_("Mudou o lugar do campo"),
}
_FIELDS = {
    "phone": N_("telefone"),
    "cpf": N_("CPF"),
    "language": N_("idioma"),
    "absorbed": N_("contato juntado"),
    "label": N_("etiqueta"),
    "reason": N_("motivo"),
    "source": N_("origem"),
    "channel": N_("canal"),
    "kind": N_("tipo"),
    "choices": N_("opções"),
    "required": N_("obrigatório"),
    "in_pane": N_("ao lado da conversa"),
    "archived": N_("arquivado"),
    "import": N_("importação"),
    "import_undone": N_("importação desfeita"),
    "undone": N_("desfeitas"),
    "kept": N_("mantidas"),
    "file": N_("arquivo"),
    "known": N_("quem já é contato"),
    "created": N_("criados"),
    "updated": N_("atualizados"),
    "refused": N_("recusadas"),
    "format": N_("formato"),
    "count": N_("quantos"),
    "whole_cpf": N_("CPF inteiro"),
    "filter": N_("filtro"),
}

_SOURCES = {
    "customer": N_("o contato"),
    "staff": N_("a equipe"),
    "import": N_("importação"),
    "fill": N_("completar o que falta"),
    "overwrite": N_("sobrescrever"),
    "skip": N_("pular"),
}
_KINDS = {
    "text": N_("Texto"),
    "number": N_("Número"),
    "date": N_("Data"),
    "choice": N_("Lista de opções"),
    "checked": N_("Sim ou não"),
}


def init_app(app: Flask) -> None:
    """Add the pages, and how templates write telephones and CPFs."""
    audit_words.ACTIONS.update(_AUDITED)
    audit_words.ENTITIES.update(
        {
            "contact": N_("contato"),
            "contact_field": N_("campo de contato"),
            "contact_import": N_("importação"),
            "contact_export": N_("exportação"),
        }
    )
    audit_words.SUBJECTS["contact_export"] = lambda key: ""
    audit_words.FIELDS.update(_FIELDS)
    audit_words.VALUES.update(LANGUAGES | _SOURCES | _KINDS)
    app.register_blueprint(blueprint)
    contact_files.follow()
    app.jinja_env.globals.update(
        field_kinds=_field_kinds, import_state=_import_state, import_keeps=undoing.why_not
    )
    app.jinja_env.filters.update(
        phone=ids.display_phone, masked_cpf=ids.mask_cpf, cpf_mark=_cpf_mark, name_of=name_of
    )


def _cpf_mark(contact: Contact) -> str:
    return secrets.mark(f"{contact.id}:{contact.cpf}")


def _field_kinds() -> dict[str, str]:
    """The types of custom fields in words."""
    return {kind: said(words) for kind, words in _KINDS.items()}


def _import_state(state: str) -> str:
    """Where an import stands, in words."""
    return {
        "mapping": _("Falta ligar as colunas"),
        "queued": _("Na fila"),
        "running": _("Importando"),
        "cancelling": _("Parando"),
        "done": _("Concluída"),
        "cancelled": _("Cancelada"),
        "failed": _("Falhou"),
        "undoing": _("Desfazendo"),
        "undone": _("Desfeita"),
    }[state]
