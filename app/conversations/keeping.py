"""Keeping a customer's message, the busiest write of the product, is one statement."""

from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm.attributes import set_committed_value

from app import clock, rows
from app.accounts.models import User
from app.contacts.models import Contact
from app.conversations.models import Conversation, Message
from app.conversations.threads import preview, sorted_time
from app.teams.models import Team

# Locks the contact's open conversation, adds the message under its next version, and brings up to
# date what the lists show: what `threads.append` does step by step for everything else.
_KEEP = text("""
WITH talk AS (
    SELECT id, version FROM conversations
    WHERE contact_id = :contact_id AND channel_id = :channel_id AND status = 'open'
    ORDER BY id DESC LIMIT 1 FOR UPDATE
), said AS (
    INSERT INTO messages (conversation_id, version, channel_id, direction, author_kind, kind, body,
        payload, provider_id, provider_at, created_at, sorted_at, is_late)
    SELECT id, version + 1, :channel_id, 'in', 'customer', :kind, :body,
        :payload, :provider_id, :provider_at, :created_at, :sorted_at, :is_late
    FROM talk
    ON CONFLICT DO NOTHING
    RETURNING id, conversation_id, version
)
UPDATE conversations SET
    version = said.version,
    unread_count = unread_count + 1,
    waiting_since = coalesce(waiting_since, :sorted_at),
    last_inbound_at = :sorted_at,
    identity_id = coalesce(:identity_id, conversations.identity_id),
    last_message_id = said.id,
    last_message_at = :created_at,
    last_message_preview = :preview,
    last_message_author = 'customer',
    last_message_status = NULL
FROM said WHERE conversations.id = said.conversation_id
RETURNING conversations.*, (SELECT name FROM users WHERE id = owner_id) AS owner_name,
    (SELECT row_to_json(teams) FROM teams WHERE id = team_id) AS team
""").bindparams(bindparam("payload", type_=JSONB(none_as_null=True)))


def keep(contact: Contact, message: Message, identity_id: int | None = None) -> Conversation | None:
    """Add a customer's message to the contact's open conversation on the message's channel.

    `identity_id` is the address it came from. None when there is none open, or when the provider's
    id is known already. The message and the owner are pictures for whoever announces them: they
    belong to no session.
    """
    message.direction, message.author_kind = "in", "customer"
    message.created_at = clock.now()
    message.sorted_at, message.is_late = sorted_time(message.provider_at, message.created_at)
    given = {name: getattr(message, name) for name in _GIVEN}
    given |= {"contact_id": contact.id, "identity_id": identity_id, "preview": preview(message)}
    row = rows.execute(_KEEP, given).mappings().one_or_none()
    if row is None:
        return None
    conversation = _shown(dict(row), contact)
    message.id, message.version = conversation.last_message_id or 0, conversation.version
    message.conversation_id = conversation.id
    return conversation


_GIVEN = (
    *("channel_id", "kind", "body", "payload", "provider_id", "provider_at"),
    *("created_at", "sorted_at", "is_late"),
)


def _of_team(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("id", "name", "colour")}


def _shown(columns: dict[str, Any], contact: Contact) -> Conversation:
    owner_name, team = columns.pop("owner_name"), columns.pop("team")
    conversation = rows.present(Conversation, columns)
    owner = User(id=columns["owner_id"], name=owner_name) if owner_name else None
    set_committed_value(conversation, "owner", owner)
    set_committed_value(conversation, "team", Team(**_of_team(team)) if team else None)
    set_committed_value(conversation, "contact", contact)
    return conversation
