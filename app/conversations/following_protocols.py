"""Protocols of conversations: who sees them, and how the customer is told their number."""

from typing import Any

from sqlalchemy import ColumnElement, select

from app.accounts.models import User
from app.conversations import visibility
from app.conversations.models import Conversation
from app.conversations.service.authors import Author, check_may_send
from app.conversations.service.replies import say
from app.conversations.threads import locked
from app.protocols import hooks, service, telling
from app.protocols.models import Protocol
from app.transactions import atomic


def follow() -> None:
    """Register with protocols, which know nothing of conversations."""
    if seen not in hooks.seen:
        hooks.seen.append(seen)
        hooks.tell.append(tell)


def seen(viewer: User) -> ColumnElement[bool] | None:
    """Protocols of conversations that this person may see; None when that is all of them."""
    condition = visibility.sees(viewer)
    if condition is None:
        return None
    return Protocol.conversation_id.in_(select(Conversation.id).where(condition))


def tell(by: User | str, protocol: Protocol) -> Any:
    """Say the number in its conversation. Raises Conflict when nothing may be sent there."""
    if protocol.conversation_id is None:
        return None
    with atomic():
        conversation = locked(protocol.conversation_id)
        check_may_send(
            conversation, Author(rule="protocol", owner_version=conversation.owner_version)
        )
        text = telling.told(protocol, conversation.contact.language)
        message = say(conversation, text, rule="protocol")
        service.told(protocol.id, by, message.id)
    return message
