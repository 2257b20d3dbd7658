"""A customer asks us to stop, or to go on: it is kept at once, shown, and confirmed once."""

from flask_babel import gettext as _
from sqlalchemy import update

from app.contacts.consent import service as consent
from app.contacts.consent.words import is_refusal, is_return
from app.contacts.models import Contact
from app.conversations.models import Conversation, Message
from app.conversations.service.replies import say
from app.conversations.threads import note_event
from app.extensions import db
from app.words import N_, in_language

STOPPED = N_(
    "Pronto: não vamos mais iniciar mensagens com você por aqui. Se precisar de algo, é só"
    " escrever. Para voltar a receber, responda VOLTAR."
)
RETURNED = N_("Que bom! Você volta a receber nossas mensagens. Para parar, responda PARAR.")
READABLE = {"text", "buttons", "list"}


def heed(conversation: Conversation, message: Message) -> None:
    """In the transaction of the message: keep what it asks. The bot leaves such a message alone."""
    if message.kind not in READABLE:
        return
    if is_refusal(message.body):
        _stop(conversation, message)
    elif is_return(message.body):
        _go_on(conversation, message)


def is_about_consent(message: Message) -> bool:
    """Whether a message was such a request, and was dealt with."""
    return bool((message.payload or {}).get("consent"))


def _stop(conversation: Conversation, message: Message) -> None:
    contact = db.session.get_one(Contact, conversation.contact_id)
    made = consent.opt_out(contact, None, "customer", message.body, None, message.id)
    _mark(message, "stop")
    if made is not None:
        note_event(conversation, "opted_out")
        _confirm(conversation, message, contact, STOPPED)


def _go_on(conversation: Conversation, message: Message) -> None:
    contact = db.session.get_one(Contact, conversation.contact_id)
    if consent.opt_in_themselves(contact):
        _mark(message, "return")
        note_event(conversation, "opted_in")
        _confirm(conversation, message, contact, RETURNED)


def _confirm(conversation: Conversation, message: Message, contact: Contact, text: str) -> None:
    with in_language(contact.language):
        say(conversation, _(text))
    if conversation.waiting_since == message.sorted_at:
        conversation.waiting_since = None  # it was all they wanted


def _mark(message: Message, what: str) -> None:
    """On the row and on the message at hand, which belongs to no session."""
    message.payload = (message.payload or {}) | {"consent": what}
    db.session.execute(
        update(Message).where(Message.id == message.id).values(payload=message.payload)
    )
