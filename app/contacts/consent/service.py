"""Keeping opt-outs, and the check that whoever writes first has to make."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import or_, select

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.contacts import hooks
from app.contacts.consent.models import OptOut
from app.contacts.locking import locked
from app.contacts.models import Contact
from app.errors import GuicheError, NotFound
from app.extensions import db
from app.transactions import atomic

LONGEST_REASON = 500
# Who wrote within this time is being answered; after it, writing again is writing first.
ANSWERABLE = timedelta(hours=24)


def opted_out(contact_id: int, channel_id: int | None = None) -> OptOut | None:
    """The opt-out in force on this channel, or on any when None is given."""
    query = select(OptOut).where(OptOut.contact_id == contact_id, OptOut.ended_at.is_(None))
    if channel_id is not None:
        query = query.where(or_(OptOut.channel_id.is_(None), OptOut.channel_id == channel_id))
    return db.session.scalars(query.order_by(OptOut.id).limit(1)).first()


def may_write_first(contact_id: int, channel_id: int) -> bool:
    """Whether we may begin to write on this channel: campaigns, reminders, scheduled messages."""
    return opted_out(contact_id, channel_id) is None


def refusal(contact_id: int, channel_id: int, last_inbound_at: datetime | None) -> str | None:
    """Why nothing may be sent to them now, in Portuguese; None when it may.

    Whoever wrote a moment ago is answered whatever they asked before.
    """
    if last_inbound_at is not None and clock.now() - last_inbound_at < ANSWERABLE:
        return None
    if may_write_first(contact_id, channel_id):
        return None
    return _(
        "Este contato pediu para não receber mensagens. Você pode responder quando ele escrever."
    )


def opt_out(
    contact: Contact,
    by: User | None,
    source: str,
    reason: str = "",
    channel_id: int | None = None,
    message_id: int | None = None,
) -> OptOut | None:
    """Keep that a locked contact wants no messages, in the transaction under way.

    `by` is None when they said so themselves. None when it was kept already. Raises GuicheError.
    """
    words = " ".join(reason.replace("\0", "").split())
    if len(words) > LONGEST_REASON:
        raise GuicheError("Escreva o motivo em até 500 letras.", status=422)
    same = OptOut.channel_id.is_(None) if channel_id is None else OptOut.channel_id == channel_id
    known = select(OptOut.id).where(
        OptOut.contact_id == contact.id, OptOut.ended_at.is_(None), same
    )
    if db.session.scalar(known) is not None:
        return None
    made = OptOut(
        contact_id=contact.id, channel_id=channel_id, source=source, reason=words,
        message_id=message_id, made_by_id=by.id if by else None, made_at=clock.now(),
    )  # fmt: skip
    db.session.add(made)
    after = _said(source, words, channel_id)
    audit.record(by or "cliente", "contact.opted_out", "contact", contact.id, None, after)
    hooks.changed(contact)
    db.session.flush()
    return made


def opt_in(contact: Contact, opt_out_id: int, by: User) -> None:
    """Staff end an opt-out of a locked contact. Raises NotFound."""
    found = db.session.get(OptOut, opt_out_id)
    if found is None or found.contact_id != contact.id or found.ended_at is not None:
        raise NotFound
    _end(contact, [found], by)


def opt_in_themselves(contact: Contact) -> bool:
    """A locked contact wants to hear from us again; False when they had not asked us to stop."""
    query = select(OptOut).where(OptOut.contact_id == contact.id, OptOut.ended_at.is_(None))
    found = list(db.session.scalars(query))
    if found:
        _end(contact, found, None)
    return bool(found)


def set_opt_out(contact_id: int, by: User, reason: str, channel_id: int | None) -> Contact:
    """Staff keep that a contact wants no messages."""
    with atomic():
        contact = locked(contact_id)
        opt_out(contact, by, "staff", reason, channel_id)
        return contact


def end_opt_out(contact_id: int, opt_out_id: int, by: User) -> Contact:
    """Staff take an opt-out back: the contact agreed to hear from us again."""
    with atomic():
        contact = locked(contact_id)
        opt_in(contact, opt_out_id, by)
        return contact


def _end(contact: Contact, opt_outs: list[OptOut], by: User | None) -> None:
    for one in opt_outs:
        one.ended_at, one.ended_by_id = clock.now(), by.id if by else None
        before = _said(one.source, one.reason, one.channel_id)
        audit.record(by or "cliente", "contact.opted_in", "contact", contact.id, before, None)
    hooks.changed(contact)


def _said(source: str, reason: str, channel_id: int | None) -> dict[str, str]:
    """For the history: only what there is to say."""
    names = hooks.channel_names() if channel_id is not None else {}
    said = {"source": source, "reason": reason, "channel": names.get(channel_id or 0, "")}
    return {name: text for name, text in said.items() if text}
