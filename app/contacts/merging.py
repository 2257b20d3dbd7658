"""Two contacts that are one person become one, and can be told apart again."""

from typing import Any

from sqlalchemy import select, update

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.contacts import hooks
from app.contacts.consent.models import OptOut
from app.contacts.locking import final
from app.contacts.models import Contact, ContactIdentity, ContactMerge, ContactNote
from app.errors import Conflict, NotFound
from app.extensions import db
from app.media.models import Attachment
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
        "files": _move(Attachment, absorbed.id, kept.id),
        "custom": _fill_custom(kept, absorbed),
        "labels": _add_labels(kept, absorbed),
        "opt_outs": _move(OptOut, absorbed.id, kept.id, _new_opt_outs(kept, absorbed)),
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
    _move(Attachment, kept.id, absorbed.id, made.moved.get("files", []))
    _take_back(made.moved, kept)
    _move(OptOut, kept.id, absorbed.id, made.moved.get("opt_outs", []))
    hooks.separated(kept.id, absorbed.id, made.moved["features"])
    absorbed.merged_into_id = None
    hooks.changed(kept, renamed="name" in made.moved["fields"])
    hooks.changed(absorbed)


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
    model: type[ContactIdentity | ContactNote | OptOut | Attachment],
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


def _fill_custom(kept: Contact, absorbed: Contact) -> dict[str, Any]:
    """Of each custom field the kept contact's value wins; what it had none of is taken over."""
    taken = {key: value for key, value in absorbed.fields.items() if key not in kept.fields}
    kept.fields = kept.fields | taken
    return taken


def _add_labels(kept: Contact, absorbed: Contact) -> list[int]:
    added = [label_id for label_id in absorbed.label_ids if label_id not in kept.label_ids]
    kept.label_ids = [*kept.label_ids, *added]
    return added


def _new_opt_outs(kept: Contact, absorbed: Contact) -> list[int]:
    """All but those in force that the kept contact has in force itself."""
    query = select(OptOut).where(OptOut.contact_id.in_((kept.id, absorbed.id)))
    found = db.session.scalars(query.order_by(OptOut.id)).all()
    in_force = {o.channel_id for o in found if o.contact_id == kept.id and o.ended_at is None}
    return [
        one.id
        for one in found
        if one.contact_id == absorbed.id
        and (one.ended_at is not None or one.channel_id not in in_force)
    ]


def _take_back(moved: dict[str, Any], kept: Contact) -> None:
    """Take off the kept contact what it got, unless it was changed since."""
    taken = moved.get("custom", {})
    kept.fields = {key: v for key, v in kept.fields.items() if taken.get(key, ...) != v}
    added = moved.get("labels", [])
    kept.label_ids = [label_id for label_id in kept.label_ids if label_id not in added]
