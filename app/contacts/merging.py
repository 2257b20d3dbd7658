"""Two contacts that are one person become one, and can be told apart again."""

from typing import Any

from sqlalchemy import select, update

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.contacts import hooks
from app.contacts.models import Contact, ContactIdentity, ContactMerge, ContactNote
from app.errors import Conflict, NotFound
from app.extensions import db
from app.transactions import atomic

# What staff or WhatsApp filled in: taken over where the kept contact has nothing.
_FILLED = ("cpf", "email")


def merge(kept_id: int, absorbed_id: int, by: User | None) -> ContactMerge:
    """Let one contact take another in, with its addresses, notes and conversations.

    Contacts that were themselves taken in stand for the one that took them. Raises Conflict when
    both are the same already.
    """
    with atomic():
        kept, absorbed = final(kept_id), final(absorbed_id)
        if kept == absorbed:
            raise Conflict("Estes dois contatos já são o mesmo.")
        contacts = _locked(kept, absorbed)
        if any(contact.merged_into_id for contact in contacts.values()):
            raise Conflict("Alguém juntou um destes contatos agora mesmo; confira e tente de novo.")
        return merge_locked(contacts[kept], contacts[absorbed], by)


def merge_locked(kept: Contact, absorbed: Contact, by: User | None) -> ContactMerge:
    """The merge itself; the caller holds the locks of both contacts."""
    moved: dict[str, Any] = {
        "identities": _move(ContactIdentity, absorbed.id, kept.id),
        "notes": _move(ContactNote, absorbed.id, kept.id),
        "fields": _fill(kept, absorbed),
        "features": hooks.merged(kept.id, absorbed.id),
    }
    absorbed.merged_into_id = kept.id
    made = ContactMerge(
        kept_id=kept.id,
        absorbed_id=absorbed.id,
        moved=moved,
        made_by_id=by.id if by else None,
        made_at=clock.now(),
    )
    db.session.add(made)
    audit.record(
        by or "webhook", "contact.merged", "contact", kept.id, None, {"absorbed": absorbed.id}
    )
    hooks.changed(kept, renamed="name" in moved["fields"])
    hooks.changed(absorbed)
    db.session.flush()
    return made


def undo_merge(merge_id: int, by: User) -> Contact:
    """Give back exactly what a merge moved; what came since stays with the kept contact, except
    that a conversation goes where the address goes that they last wrote from in it.

    Returns the contact that was taken in. Raises Conflict when it was undone before, or when the
    kept contact was itself taken in since: that merge has to be undone first.
    """
    with atomic():
        made = db.session.get(ContactMerge, merge_id, with_for_update=True)
        if made is None:
            raise NotFound
        contacts = _locked(made.kept_id, made.absorbed_id)
        kept, absorbed = contacts[made.kept_id], contacts[made.absorbed_id]
        if made.undone_at is not None:
            raise Conflict("Esta junção já foi desfeita.")
        if kept.merged_into_id is not None:
            raise Conflict("Este contato foi juntado a outro depois; desfaça aquela junção antes.")
        _give_back(made, kept, absorbed)
        made.undone_by_id, made.undone_at = by.id, clock.now()
        audit.record(by, "contact.separated", "contact", kept.id, {"absorbed": absorbed.id}, None)
        return absorbed


def _give_back(made: ContactMerge, kept: Contact, absorbed: Contact) -> None:
    _move(ContactIdentity, kept.id, absorbed.id, made.moved["identities"])
    _move(ContactNote, kept.id, absorbed.id, made.moved["notes"])
    for name, values in made.moved["fields"].items():
        if getattr(kept, name) == values["after"]:  # not typed over since
            setattr(kept, name, values["before"])
    hooks.separated(kept.id, absorbed.id, made.moved["features"])
    absorbed.merged_into_id = None
    hooks.changed(kept, renamed="name" in made.moved["fields"])
    hooks.changed(absorbed)


def final(contact_id: int) -> int:
    """The contact that stands for this one today: itself, or the end of the chain of merges."""
    chain = (
        select(Contact.id, Contact.merged_into_id)
        .where(Contact.id == contact_id)
        .cte("chain", recursive=True)
    )
    chain = chain.union_all(
        select(Contact.id, Contact.merged_into_id).join(chain, Contact.id == chain.c.merged_into_id)
    )
    found: int | None = db.session.scalar(
        select(chain.c.id).where(chain.c.merged_into_id.is_(None))
    )
    if found is None:
        raise NotFound
    return found


def _locked(*contact_ids: int) -> dict[int, Contact]:
    """Both contacts by id, locked oldest first like everywhere."""
    contacts = db.session.scalars(
        select(Contact)
        .where(Contact.id.in_(contact_ids))
        .order_by(Contact.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    return {contact.id: contact for contact in contacts}


def _move(
    model: type[ContactIdentity] | type[ContactNote],
    source: int,
    target: int,
    only: list[int] | None = None,
) -> list[int]:
    """Move rows from one contact to another, all or only these; the ids of what moved."""
    statement = update(model).where(model.contact_id == source).values(contact_id=target)
    if only is not None:
        statement = statement.where(model.id.in_(only))
    return sorted(db.session.scalars(statement.returning(model.id)).all())


def _fill(kept: Contact, absorbed: Contact) -> dict[str, Any]:
    """Fill the kept contact's empty fields; what each held before and holds after."""
    names = [n for n in _FILLED if getattr(absorbed, n) and not getattr(kept, n)]
    if absorbed.name and (not kept.name or (absorbed.name_is_typed and not kept.name_is_typed)):
        names += ["name", "name_is_typed"]
    if kept.last_phone_id is None and absorbed.last_phone_id is not None:
        names.append("last_phone_id")
    filled = {}
    for name in names:
        before, after = getattr(kept, name), getattr(absorbed, name)
        if before != after:
            filled[name] = {"before": before, "after": after}
            setattr(kept, name, after)
    return filled
