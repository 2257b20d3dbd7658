"""Keeping customers' messages, the busiest write of the product, is one statement."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Text, TextualSelect, column, text
from sqlalchemy.orm.attributes import set_committed_value

from app import clock, rows
from app.accounts.models import User
from app.contacts.models import Contact
from app.conversations.models import Conversation, Message
from app.conversations.threads import preview, sorted_time
from app.teams.models import Team

# Locks each contact's open conversation, adds the message under its next version, and brings up to
# date what the lists show: what `threads.append` does step by step for everything else. The
# messages are one JSON text: the statement is prepared once, however many there are.
_KEEP_AS = """
WITH given AS (
    SELECT * FROM json_to_recordset(CAST(:given AS json)) AS given (contact_id bigint,
        channel_id integer, kind text, body text, payload jsonb, provider_id text,
        provider_at timestamptz, created_at timestamptz, sorted_at timestamptz, is_late boolean,
        identity_id bigint, preview text)
), talk AS (
    SELECT given.*, open.id, open.version FROM given CROSS JOIN LATERAL (
        SELECT id, version FROM conversations
        WHERE status = 'open' AND id = (
            SELECT max(id) FROM conversations
            WHERE contact_id = given.contact_id AND channel_id = given.channel_id
                AND status = 'open'
        ) FOR UPDATE {waiting}
    ) AS open
), said AS (
    INSERT INTO messages (conversation_id, version, channel_id, direction, author_kind, kind, body,
        payload, provider_id, provider_at, created_at, sorted_at, is_late)
    SELECT id, version + 1, channel_id, 'in', 'customer', kind, body,
        payload, provider_id, provider_at, created_at, sorted_at, is_late
    FROM talk
    ON CONFLICT DO NOTHING
    RETURNING id, conversation_id, version
)
UPDATE conversations SET
    version = said.version,
    unread_count = unread_count + 1,
    waiting_since = CASE WHEN owner_kind <> 'outside'
        THEN coalesce(waiting_since, talk.sorted_at) END,
    last_inbound_at = talk.sorted_at,
    identity_id = coalesce(talk.identity_id, conversations.identity_id),
    last_message_id = said.id,
    last_message_at = talk.created_at,
    last_message_preview = talk.preview,
    last_message_author = 'customer',
    last_message_status = NULL
FROM said JOIN talk ON talk.id = said.conversation_id WHERE conversations.id = talk.id
RETURNING {columns}, (SELECT name FROM users WHERE id = owner_id) AS owner_name,
    (SELECT row_to_json(teams) FROM teams WHERE id = team_id) AS team
"""
_COLUMNS = Conversation.metadata.tables[Conversation.__tablename__].c


def _statement(waiting: str) -> TextualSelect:
    names = ", ".join(f"conversations.{column.name}" for column in _COLUMNS)
    # Named and typed in their order: SQLAlchemy makes out the answer's shape once, not each time.
    shape = [*_COLUMNS, column("owner_name", Text), column("team", JSON)]
    return text(_KEEP_AS.format(waiting=waiting, columns=names)).columns(*shape)


_KEEP = _statement("")
_KEEP_FREE = _statement("SKIP LOCKED")


@dataclass(frozen=True, slots=True)
class Said:
    """A message that a contact sent from one of their addresses (an identity's id)."""

    contact: Contact
    message: Message
    identity_id: int | None = None


def keep(contact: Contact, message: Message, identity_id: int | None = None) -> Conversation | None:
    """Add a customer's message to the contact's open conversation on the message's channel.

    `identity_id` is the address it came from. None when there is none open, or when the provider's
    id is known already. The message and the owner are pictures for whoever announces them: they
    belong to no session.
    """
    return _kept(_KEEP, [Said(contact, message, identity_id)])[0]


def keep_free(said: Sequence[Said]) -> list[Conversation | None]:
    """The same for messages of as many contacts, waiting for nobody.

    None also for those whose conversation somebody is working on.
    """
    return _kept(_KEEP_FREE, said)


def _kept(statement: TextualSelect, said: Sequence[Said]) -> list[Conversation | None]:
    given = json.dumps([_given(one) for one in said])
    found = rows.execute(statement, {"given": given}).mappings()
    kept = {columns["contact_id"]: dict(columns) for columns in found}
    return [_shown(kept[one.contact.id], one) if one.contact.id in kept else None for one in said]


def _given(said: Said) -> dict[str, Any]:
    message = said.message
    message.direction, message.author_kind = "in", "customer"
    message.created_at = clock.now()
    message.sorted_at, message.is_late = sorted_time(message.provider_at, message.created_at)
    return {
        "contact_id": said.contact.id,
        "channel_id": message.channel_id,
        "kind": message.kind,
        "body": message.body,
        "payload": message.payload,
        "provider_id": message.provider_id,
        "provider_at": message.provider_at.isoformat() if message.provider_at else None,
        "created_at": message.created_at.isoformat(),
        "sorted_at": message.sorted_at.isoformat(),
        "is_late": message.is_late,
        "identity_id": said.identity_id,
        "preview": preview(message),
    }


def _of_team(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("id", "name", "colour")}


def _shown(columns: dict[str, Any], said: Said) -> Conversation:
    owner_name, team = columns.pop("owner_name"), columns.pop("team")
    conversation = rows.present(Conversation, columns)
    owner = User(id=columns["owner_id"], name=owner_name) if owner_name else None
    set_committed_value(conversation, "owner", owner)
    set_committed_value(conversation, "team", Team(**_of_team(team)) if team else None)
    set_committed_value(conversation, "contact", said.contact)
    message = said.message
    message.id, message.version = conversation.last_message_id or 0, conversation.version
    message.conversation_id = conversation.id
    return conversation
