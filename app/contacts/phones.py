"""Taking back a telephone that staff typed; telephones that wrote to us stay."""

from app.accounts import audit
from app.accounts.models import User
from app.contacts import hooks
from app.contacts.locking import locked
from app.contacts.models import Contact, ContactIdentity
from app.errors import Conflict, NotFound
from app.extensions import db
from app.transactions import atomic


def is_removable(identity: ContactIdentity, among: list[ContactIdentity]) -> bool:
    """Whether it was only typed (WhatsApp never showed it) and another address remains.

    What WhatsApp showed is who wrote: conversations refer to it, and undoing a merge parts it.
    """
    return identity.kind == "phone" and identity.whatsapp_id is None and len(among) > 1


def remove_phone(contact_id: int, identity_id: int, by: User) -> Contact:
    """Take a typed telephone off a contact; typing it again brings it back. Raises Conflict."""
    with atomic():
        contact = locked(contact_id)
        db.session.refresh(contact, ["identities"])
        identities = list(contact.identities)
        found = next((one for one in identities if one.id == identity_id), None)
        if found is None:
            raise NotFound
        if not is_removable(found, identities):
            raise Conflict("Este telefone fica: é de onde o contato escreve, ou o único endereço.")
        before = {"phone": found.value}
        contact.identities.remove(found)
        db.session.delete(found)
        if contact.last_phone_id == found.id:
            contact.last_phone_id = None
        audit.record(by, "contact.phone_removed", "contact", contact.id, before, None)
        hooks.changed(contact)
        return contact
