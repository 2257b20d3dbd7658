"""Conversations, their messages and timeline, the outbox, drafts and the counters of the tabs."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.channels.models import Channel
from app.contacts.models import Contact
from app.conversations.indexes import due_indexes, filter_indexes, tab_indexes, team_indexes
from app.extensions import Model
from app.media.models import Attachment
from app.teams.models import Team

Timestamp = TIMESTAMP(timezone=True)

# By their number in `Conversation.priority`.
PRIORITIES = ("none", "low", "normal", "high", "urgent")


class Conversation(Model):
    """A talk with one contact through one channel.

    It has one owner: the bot, one person, a consultant outside the desk, or nobody. `owner_version`
    rises with every change of owner and is named by whoever acts on what they saw. `version` rises
    with every change of anything shown, the messages' ticks included; each message carries the
    version that last touched it, so a page can ask for what it missed.
    """

    __tablename__ = "conversations"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    # The address they last wrote from here: where answers go, and the talk if contacts are parted.
    identity_id: Mapped[int | None] = mapped_column(ForeignKey("contact_identities.id"))
    # Whose line it waits in; without one it is every team's.
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    status: Mapped[str] = mapped_column(Text, server_default="open")
    owner_kind: Mapped[str] = mapped_column(Text, server_default="bot")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    # Who attends it outside the desk, without a log-in, while `owner_kind` says so.
    consultant_id: Mapped[int | None] = mapped_column(ForeignKey("consultants.id"))
    owner_version: Mapped[int] = mapped_column(server_default="1")
    version: Mapped[int] = mapped_column(BigInteger, server_default="1")
    unread_count: Mapped[int] = mapped_column(server_default="0")
    # Since when the customer waits for a person; null when the last word was ours.
    waiting_since: Mapped[datetime | None] = mapped_column(Timestamp)
    last_message_id: Mapped[int | None] = mapped_column(BigInteger)
    # The list's order; also when it came back from a snooze.
    last_message_at: Mapped[datetime] = mapped_column(Timestamp)
    last_message_preview: Mapped[str] = mapped_column(Text, server_default="")
    last_message_author: Mapped[str] = mapped_column(Text, server_default="customer")
    last_message_status: Mapped[str | None] = mapped_column(Text)
    last_inbound_at: Mapped[datetime | None] = mapped_column(Timestamp)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    closed_at: Mapped[datetime | None] = mapped_column(Timestamp)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    closing_reason_id: Mapped[int | None] = mapped_column(ForeignKey("closing_reasons.id"))
    # The message that warned of being closed for silence; what is said after it ends the warning.
    silence_warning_id: Mapped[int | None] = mapped_column(BigInteger)
    priority: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    # What the customer answered when asked how it was, from 1 to 5.
    rating: Mapped[int | None] = mapped_column(SmallInteger)
    # Labels are archived, never deleted: the ids stay true without a table between.
    label_ids: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default="{}")
    # Out of the open tabs since then: until a time, or (null) until the customer answers.
    snoozed_at: Mapped[datetime | None] = mapped_column(Timestamp)
    snoozed_until: Mapped[datetime | None] = mapped_column(Timestamp)

    # When it was opened or last reopened, and when a person last answered since then: neither the
    # bot nor what the system says by itself counts.
    opened_at: Mapped[datetime | None] = mapped_column(Timestamp)
    answered_at: Mapped[datetime | None] = mapped_column(Timestamp)
    # When the customer was last told that nobody attends at this hour, and that they wait in line.
    away_told_at: Mapped[datetime | None] = mapped_column(Timestamp)
    line_told_at: Mapped[datetime | None] = mapped_column(Timestamp)
    # The clocks of app/deadlines, which alone writes these. Of the answer that is owed (the "first"
    # or the "next") and of the end: when it is due and when to warn; null while it does not run.
    # States: 0 on time, 1 warned of, 2 missed.
    response_kind: Mapped[str | None] = mapped_column(Text)
    response_warn_at: Mapped[datetime | None] = mapped_column(Timestamp)
    response_due_at: Mapped[datetime | None] = mapped_column(Timestamp)
    response_state: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    resolution_warn_at: Mapped[datetime | None] = mapped_column(Timestamp)
    resolution_due_at: Mapped[datetime | None] = mapped_column(Timestamp)
    resolution_state: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    # Since when the end's clock runs, and how many seconds of it ran before its last pause.
    resolution_since: Mapped[datetime | None] = mapped_column(Timestamp)
    resolution_spent: Mapped[int] = mapped_column(server_default="0")
    # The next of the two, the worse state, and when the sweep has to look again.
    due_at: Mapped[datetime | None] = mapped_column(Timestamp)
    due_state: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    due_check_at: Mapped[datetime | None] = mapped_column(Timestamp)

    contact: Mapped[Contact] = relationship(lazy="raise")
    channel: Mapped[Channel] = relationship(lazy="raise")
    owner: Mapped[User | None] = relationship(lazy="raise", foreign_keys=[owner_id])
    team: Mapped[Team | None] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint("status IN ('open', 'closed')", name="status_known"),
        CheckConstraint(
            "(owner_kind = 'user') = (owner_id IS NOT NULL)"
            " AND owner_kind IN ('bot', 'user', 'nobody', 'outside')"
            " AND (owner_kind <> 'outside' OR consultant_id IS NOT NULL)",
            name="one_owner",
        ),
        CheckConstraint("priority BETWEEN 0 AND 4", name="priority_known"),
        CheckConstraint("due_state BETWEEN 0 AND 2", name="due_state_known"),
        CheckConstraint(
            "snoozed_at IS NULL OR (status = 'open' AND owner_kind <> 'bot')", name="snooze_is_open"
        ),
        *tab_indexes(),
        *team_indexes(),
        *filter_indexes(),
        *due_indexes(),
    )


class Message(Model):
    """One entry of a thread: what somebody said, a private note, or an event of the timeline.

    `sorted_at` orders the thread: the provider's time when it is close to the arrival, else the
    arrival (`is_late` then says so). Of outgoing messages `status` only moves up.
    """

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    direction: Mapped[str] = mapped_column(Text)  # in | out | note | event
    author_kind: Mapped[str] = mapped_column(Text)  # customer | user | bot | system | phone | api
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(Text, server_default="text")
    body: Mapped[str] = mapped_column(Text, server_default="")
    payload: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    provider_id: Mapped[str | None] = mapped_column(Text)
    client_key: Mapped[str | None] = mapped_column(
        Text
    )  # the browser's, so a repeat is one message
    answers_id: Mapped[int | None] = mapped_column(BigInteger)  # the inbound message a bot answered
    status: Mapped[str | None] = mapped_column(Text)
    error: Mapped[str | None] = mapped_column(Text)
    provider_at: Mapped[datetime | None] = mapped_column(Timestamp)
    created_at: Mapped[datetime] = mapped_column(Timestamp)
    sorted_at: Mapped[datetime] = mapped_column(Timestamp)
    is_late: Mapped[bool] = mapped_column(server_default="false")
    # Until then its author may take it back; no worker touches it before.
    held_until: Mapped[datetime | None] = mapped_column(Timestamp)
    version: Mapped[int] = mapped_column(BigInteger, server_default="1")

    # Pages load it with the thread; a push of one message may fetch it by itself.
    author: Mapped[User | None] = relationship()
    # Asked for only where the kind says that there is a file. Written by app.media alone.
    attachments: Mapped[list[Attachment]] = relationship(
        viewonly=True, order_by=(Attachment.place, Attachment.id)
    )

    __table_args__ = (
        CheckConstraint("direction IN ('in', 'out', 'note', 'event')", name="direction_known"),
        CheckConstraint(
            "author_kind IN ('customer', 'user', 'bot', 'system', 'phone', 'api')",
            name="author_known",
        ),
        CheckConstraint(
            "status IN ('queued', 'sending', 'uncertain', 'sent', 'delivered', 'read', 'failed',"
            " 'cancelled')",
            name="status_known",
        ),
        Index("ix_messages_thread", "conversation_id", text("sorted_at DESC"), text("id DESC")),
        Index("ix_messages_changes", "conversation_id", "version"),
        Index(
            "uq_messages_provider_id",
            "channel_id",
            "provider_id",
            unique=True,
            postgresql_where=text("provider_id IS NOT NULL"),
        ),
        Index(
            "uq_messages_client_key",
            "conversation_id",
            "client_key",
            unique=True,
            postgresql_where=text("client_key IS NOT NULL"),
        ),
        Index(
            "uq_messages_answers_id",
            "answers_id",
            unique=True,
            postgresql_where=text("answers_id IS NOT NULL"),
        ),
    )


class OutboxEntry(Model):
    """That a message has to leave. The row is the truth; a job only wakes a worker up."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), unique=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("channels.id"))
    state: Mapped[str] = mapped_column(Text, server_default="queued")
    attempts: Mapped[int] = mapped_column(server_default="0")
    next_try_at: Mapped[datetime] = mapped_column(Timestamp)
    lease_until: Mapped[datetime | None] = mapped_column(Timestamp)
    zaap_id: Mapped[str | None] = mapped_column(Text)
    request_id: Mapped[str | None] = mapped_column(Text)
    # Since when the customer waited when it was written: so it is again if it is taken back.
    waiting_before: Mapped[datetime | None] = mapped_column(Timestamp)
    created_at: Mapped[datetime] = mapped_column(Timestamp)

    message: Mapped[Message] = relationship(lazy="raise")

    __table_args__ = (
        CheckConstraint(
            "state IN ('queued', 'sending', 'uncertain', 'done', 'failed', 'cancelled')",
            name="state_known",
        ),
        Index(
            "ix_outbox_pending",
            "channel_id",
            "id",
            postgresql_where=text("state IN ('queued', 'sending')"),
        ),
        Index(
            "ix_outbox_uncertain",
            "channel_id",
            "id",
            postgresql_where=text("state = 'uncertain'"),
        ),
        Index("ix_outbox_zaap_id", "zaap_id", postgresql_where=text("zaap_id IS NOT NULL")),
        Index(
            "ix_outbox_conversation",
            "conversation_id",
            "id",
            postgresql_where=text("state IN ('queued', 'sending')"),
        ),
    )


class Draft(Model):
    """What one person has begun to write in a conversation; it follows them to other screens."""

    __tablename__ = "drafts"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    is_note: Mapped[bool] = mapped_column(server_default="false")
    # The message it will answer.
    quoted_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"))
    updated_at: Mapped[datetime] = mapped_column(Timestamp)

    quoted: Mapped[Message | None] = relationship(lazy="raise")


class InboxCounter(Model):
    """How many open conversations a tab holds; never counted.

    `user:<id>` is one person's, `bot` and `nobody` those without a team, `bot:<team>` and
    `nobody:<team>` a team's.
    """

    __tablename__ = "inbox_counters"

    tab: Mapped[str] = mapped_column(Text, primary_key=True)
    total: Mapped[int] = mapped_column(server_default="0")
