"""How people are called."""

from flask_babel import gettext as _

from app.contacts import ids
from app.contacts.models import Contact


def name_of(contact: Contact) -> str:
    """How screens call a contact: the name, else the telephone."""
    if contact.name:
        return contact.name
    phone = contact.phone_if_nameless
    return ids.display_phone(phone) if phone else _("Sem nome")
