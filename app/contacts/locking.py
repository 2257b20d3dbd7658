"""Which contact stands for one today, and its lock: everything that changes it begins here."""

from sqlalchemy import ScalarSelect, select

from app.contacts.models import Contact
from app.errors import Conflict, NotFound
from app.extensions import db


def final(contact_id: int) -> int:
    """The contact that stands for this one today: itself, or the end of the chain of merges."""
    found: int | None = db.session.scalar(select(end_of_chain(contact_id)))
    if found is None:
        raise NotFound
    return found


def end_of_chain(contact_id: int) -> ScalarSelect[int]:
    """The same as part of another query; null when there is no such contact."""
    chain = (
        select(Contact.id, Contact.merged_into_id)
        .where(Contact.id == contact_id)
        .cte("chain", recursive=True)
    )
    chain = chain.union_all(
        select(Contact.id, Contact.merged_into_id).join(chain, Contact.id == chain.c.merged_into_id)
    )
    return select(chain.c.id).where(chain.c.merged_into_id.is_(None)).scalar_subquery()


def locked(contact_id: int) -> Contact:
    """The contact that stands for this one, its row locked. Raises NotFound, or Conflict when it
    was merged in this moment."""
    contact = db.session.get(
        Contact, final(contact_id), with_for_update={"key_share": True}, populate_existing=True
    )
    if contact is None or contact.merged_into_id is not None:
        raise Conflict("Este contato acabou de mudar; confira e tente de novo.")
    return contact
