"""Who speaks for the company, and the one check of whether they may."""

from dataclasses import dataclass

from flask_babel import gettext as _

from app.accounts.models import User
from app.contacts.consent import service as consent
from app.conversations.models import Conversation
from app.errors import Conflict


@dataclass(frozen=True, slots=True)
class Author:
    """A person, or the bot with the owner's version it saw when it began to write."""

    user: User | None = None
    owner_version: int | None = None

    @property
    def kind(self) -> str:
        """How messages name it."""
        return "user" if self.user else "bot"


def check_may_send(conversation: Conversation, author: Author) -> None:
    """Raise Conflict unless the author owns the (locked) conversation at this moment, and unless
    the customer wants to hear from us or has just written."""
    if conversation.status == "closed":
        raise Conflict(_("A conversa está encerrada. Reabra para escrever."))
    last = conversation.last_inbound_at
    if refused := consent.refusal(conversation.contact_id, conversation.channel_id, last):
        raise Conflict(refused)
    if author.user is not None:
        if conversation.owner_id != author.user.id:
            raise Conflict(who_owns(conversation) + " " + _("Assuma a conversa para escrever."))
    elif conversation.owner_kind != "bot" or conversation.owner_version != author.owner_version:
        raise Conflict(_("O robô não fala nesta conversa."))


def who_owns(conversation: Conversation) -> str:
    """A sentence that names the owner."""
    if conversation.owner is not None:
        return _("A conversa é de %(name)s.", name=conversation.owner.name)
    if conversation.owner_kind == "bot":
        return _("A conversa está com o robô.")
    return _("A conversa não é de ninguém.")
