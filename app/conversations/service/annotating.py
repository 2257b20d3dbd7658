"""What changes a message that is here already: reactions, votes, edits, deletions.

A customer can only touch messages of their own conversations, and edit or delete only what they
said: addresses of webhooks without a secret are open to anybody.
"""

from typing import Any

from flask_babel import gettext as _

from app import clock
from app.channels.models import Channel
from app.contacts.models import Contact
from app.contacts.service import Sender
from app.conversations import settling
from app.conversations.message_acts import settling as acts
from app.conversations.message_acts.models import DELETION, EDIT, REACTION
from app.conversations.models import Conversation, Message
from app.conversations.service.lookups import TryLater, by_provider_id
from app.conversations.threads import locked, touch_message
from app.extensions import db
from app.integrations.base import Echo, InboundMessage, Revocation

# Nobody expects an answer to these.
SILENT = frozenset({"reaction", "vote"})
MOST_EDITS = 20


def is_about_another(said: InboundMessage | Echo) -> bool:
    """Whether this is no message of its own, but something about an earlier one."""
    return said.is_edit or (said.kind in SILENT and said.about is not None)


def annotate(channel: Channel, contact: Contact, said: InboundMessage | Echo) -> bool:
    """Change the message that this is about; False when it is not here (then it is kept by itself).

    Raises TryLater while it may be a send of ours whose name we do not know yet.
    """
    by_company = isinstance(said, Echo)
    if said.is_edit:
        found = _theirs(channel, contact, said.provider_id) or _theirs(
            channel, contact, said.reply_to
        )
        return found is not None and _edit(found, said, by_company)
    target = _theirs(channel, contact, said.about)
    if target is None:
        if settling.is_unsettled(channel.id):
            raise TryLater(_("Reação a uma mensagem cujo envio ainda não terminou."))
        return not said.body  # taking back what was never here leaves nothing to show
    key = "reactions" if said.kind == "reaction" else "votes"
    mine = said.body if said.kind == "reaction" else said.payload.get("chosen")
    _note(target, key, "company" if by_company else "customer", mine)
    return True


def record_revocation(channel: Channel, sender: Sender, revocation: Revocation) -> None:
    """Somebody deleted a message for everyone: it stays here, marked."""
    found = _theirs(channel, sender.contact, revocation.provider_id)
    if found is None:
        if settling.is_unsettled(channel.id):
            raise TryLater(_("Exclusão de uma mensagem cujo envio ainda não terminou."))
        return
    if (found.direction == "out") is not revocation.by_company:
        return
    conversation = locked(found.conversation_id)
    db.session.refresh(found)
    payload = found.payload or {}
    if "revoked_at" in payload:
        return
    if revocation.by_company and acts.heard(conversation, found, DELETION):
        return
    found.payload = payload | {"revoked_at": (revocation.at or clock.now()).isoformat()}
    touch_message(conversation, found)


def _theirs(channel: Channel, contact: Contact, provider_id: str | None) -> Message | None:
    """A message of this contact's conversations on this channel."""
    found = by_provider_id(channel.id, provider_id)
    if found is None:
        return None
    conversation = db.session.get_one(Conversation, found.conversation_id)
    return found if conversation.contact_id == contact.id else None


def _edit(found: Message, said: InboundMessage | Echo, by_company: bool) -> bool:
    if (found.direction == "out") is not by_company or found.direction not in {"in", "out"}:
        return True  # nobody can edit what somebody else said
    conversation = locked(found.conversation_id)
    db.session.refresh(found)
    if by_company and acts.heard(conversation, found, EDIT, said.body):
        return True
    if found.body == said.body:
        return True
    payload = found.payload or {}
    earlier = {"body": found.body, "at": clock.now().isoformat()}
    edits = [*payload.get("edits", []), earlier][-MOST_EDITS:]
    found.body = said.body
    found.payload = payload | said.payload | {"edits": edits}
    touch_message(conversation, found)
    return True


def _note(target: Message, key: str, who: str, what: Any) -> None:
    """One person's reaction or vote: a new one replaces the old one, an empty one removes it."""
    conversation = locked(target.conversation_id)
    db.session.refresh(target)
    is_ours = key == "reactions" and who == acts.OURS
    if is_ours and acts.heard(conversation, target, REACTION, what):
        return
    payload = dict(target.payload or {})
    noted = dict(payload.get(key) or {})
    before = noted.pop(who, None)
    if what:
        noted[who] = what
    if before == (what or None):
        return
    payload[key] = noted
    target.payload = payload
    touch_message(conversation, target)
