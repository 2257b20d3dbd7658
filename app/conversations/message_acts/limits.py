"""Until when WhatsApp lets a message be changed: the settings say, for nobody documents it."""

from datetime import datetime, timedelta

from flask_babel import gettext as _

from app import clock
from app.conversations.message_acts.models import DELETION, EDIT
from app.conversations.models import Message
from app.extensions import current_settings


def editable_until(message: Message) -> datetime | None:
    """None for what cannot be edited at all: whatever is no text that a person sent through us."""
    if not _is_there(message) or message.kind != "text" or message.author_kind != "user":
        return None
    return message.created_at + timedelta(minutes=current_settings().message_edit_minutes)


def deletable_until(message: Message) -> datetime | None:
    """None for what is not ours, or never left."""
    if not _is_there(message):
        return None
    return message.created_at + timedelta(hours=current_settings().message_delete_hours)


def takes_reaction(message: Message) -> bool:
    """Whether our reaction can stand under it: what the customer sent and did not delete."""
    return message.direction == "in" and bool(message.provider_id) and not is_revoked(message)


def is_revoked(message: Message) -> bool:
    """Deleted for everyone, by whoever had sent it."""
    return "revoked_at" in (message.payload or {})


def too_late(message: Message, kind: str) -> str | None:
    """Why an act comes too late, in words; None when it does not."""
    settings, now = current_settings(), clock.now()
    if kind == EDIT and now >= (editable_until(message) or now):
        minutes = settings.message_edit_minutes
        return _("O WhatsApp só deixa editar até %(n)s minutos depois do envio.", n=minutes)
    if kind == DELETION and now >= (deletable_until(message) or now):
        hours = settings.message_delete_hours
        return _("O WhatsApp só deixa apagar até %(n)s horas depois do envio.", n=hours)
    return None


def _is_there(message: Message) -> bool:
    """With the customer, or on its way: both can still be changed."""
    if message.direction != "out" or is_revoked(message):
        return False
    return bool(message.provider_id) or message.status == "queued"
