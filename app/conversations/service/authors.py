"""Who speaks for the company, and the one check of whether they may."""

from dataclasses import dataclass

from flask_babel import gettext as _

from app.accounts.models import User
from app.consultants import queries as roster
from app.contacts.consent import service as consent
from app.conversations.models import Conversation
from app.conversations.rules import AFTER_CLOSING, SYSTEM_MAY
from app.errors import Conflict


@dataclass(frozen=True, slots=True)
class Author:
    """A person; or the bot, or the system by one of its rules, with the owner's version it saw."""

    user: User | None = None
    owner_version: int | None = None
    rule: str | None = None

    @property
    def kind(self) -> str:
        """How messages name it."""
        if self.user:
            return "user"
        return "system" if self.rule else "bot"


def check_may_send(conversation: Conversation, author: Author) -> None:
    """Raise Conflict unless the author owns the (locked) conversation at this moment, and unless
    the customer wants to hear from us or has just written."""
    if conversation.status == "closed" and author.rule not in AFTER_CLOSING:
        raise Conflict(_("A conversa está encerrada. Reabra para escrever."))
    last = conversation.last_inbound_at
    if refused := consent.refusal(conversation.contact_id, conversation.channel_id, last):
        raise Conflict(refused)
    if author.user is not None:
        if conversation.owner_id != author.user.id:
            raise Conflict(who_owns(conversation) + " " + _("Assuma a conversa para escrever."))
    elif author.rule is not None:
        _check_rule(conversation, author)
    elif conversation.owner_kind != "bot" or conversation.owner_version != author.owner_version:
        raise Conflict(_("O robô não fala nesta conversa."))


def _check_rule(conversation: Conversation, author: Author) -> None:
    if author.rule not in SYSTEM_MAY:
        raise ValueError(f"the system has no rule {author.rule}")
    if conversation.owner_version != author.owner_version:
        raise Conflict(who_owns(conversation))


def who_owns(conversation: Conversation) -> str:
    """A sentence that names the owner."""
    if conversation.owner is not None:
        return _("A conversa é de %(name)s.", name=conversation.owner.name)
    if conversation.owner_kind == "bot":
        return _("A conversa está com o robô.")
    if conversation.owner_kind == "outside":
        name = roster.name_of(conversation.consultant_id)
        return _("A conversa está com %(name)s, fora do painel.", name=name)
    return _("A conversa não é de ninguém.")
