"""The indexes of the list: its tabs, its filters, snoozes and the words in previews."""

from sqlalchemy import Index, text

_NEWEST = (text("last_message_at DESC"), text("id DESC"))
_DUE = (text("coalesce(due_at, '9999-01-01 00:00:00+00'::timestamptz)"), text("id DESC"))
_WAITING = (
    text("coalesce(waiting_since, '9999-01-01 00:00:00+00'::timestamptz)"),
    text("id DESC"),
)
_OPEN = text("status = 'open'")
_UNOWNED = text("status = 'open' AND owner_id IS NULL")


def tab_indexes() -> tuple[Index, ...]:
    """One for each tab of the inbox, in the orders in which it pages."""
    by_priority = (text("priority DESC"), *_NEWEST)
    owner = ("owner_kind", "owner_id")
    return (
        Index("ix_conversations_newest", "status", *_NEWEST),
        Index("ix_conversations_owner_newest", *owner, *_NEWEST, postgresql_where=_OPEN),
        Index("ix_conversations_unowned_newest", "owner_kind", *_NEWEST, postgresql_where=_UNOWNED),
        Index(
            "ix_conversations_unowned_waiting", "owner_kind", *_WAITING, postgresql_where=_UNOWNED
        ),
        Index(
            "ix_conversations_unowned_priority",
            "owner_kind",
            *by_priority,
            postgresql_where=_UNOWNED,
        ),
        Index("ix_conversations_waiting", *_WAITING, postgresql_where=_OPEN),
        Index("ix_conversations_owner_waiting", *owner, *_WAITING, postgresql_where=_OPEN),
        Index("ix_conversations_contact", "contact_id", "channel_id", text("id DESC")),
    )


def filter_indexes() -> tuple[Index, ...]:
    """What the filters of the list lean on; each pages in the list's own order where it can."""
    return (
        Index("ix_conversations_priority", "status", text("priority DESC"), *_NEWEST),
        # One person's, by priority: without it the whole desk's is walked until a page is full.
        Index(
            "ix_conversations_owner_priority",
            "owner_id",
            text("priority DESC"),
            *_NEWEST,
            postgresql_where=text("status = 'open' AND owner_kind = 'user'"),
        ),
        Index("ix_conversations_channel", "channel_id", "status", *_NEWEST),
        Index(
            "ix_conversations_owner_closed",
            "owner_id",
            *_NEWEST,
            postgresql_where=text("status = 'closed'"),
        ),
        Index(
            "ix_conversations_unread",
            *_NEWEST,
            postgresql_where=text("status = 'open' AND unread_count > 0"),
        ),
        Index(
            "ix_conversations_snoozed", *_NEWEST, postgresql_where=text("snoozed_at IS NOT NULL")
        ),
        Index(
            "ix_conversations_due",
            "snoozed_until",
            postgresql_where=text("snoozed_until IS NOT NULL"),
        ),
        Index(
            "ix_conversations_rating",
            "rating",
            *_NEWEST,
            postgresql_where=text("rating IS NOT NULL"),
        ),
        # What began and ended today, for the home page.
        Index("ix_conversations_created", "created_at"),
        Index(
            "ix_conversations_closed_at",
            "closed_at",
            postgresql_where=text("closed_at IS NOT NULL"),
        ),
        # Most carry none: their rows, written with every message, stay out of it.
        Index(
            "ix_conversations_labels",
            "label_ids",
            postgresql_using="gin",
            postgresql_where=text("label_ids <> '{}'"),
        ),
        Index(
            "ix_conversations_words",
            text("to_tsvector('simple'::regconfig, fold(last_message_preview))"),
            postgresql_using="gin",
        ),
    )


def due_indexes() -> tuple[Index, ...]:
    """What is due next, for the list's order; what is late or near it; what the sweep looks at."""
    return (
        Index(
            "ix_conversations_next_due",
            *_DUE,
            postgresql_where=text("status = 'open'"),
        ),
        Index(
            "ix_conversations_unowned_due",
            "owner_kind",
            *_DUE,
            postgresql_where=text("status = 'open' AND owner_id IS NULL"),
        ),
        Index(
            "ix_conversations_owner_due",
            "owner_id",
            *_DUE,
            postgresql_where=text("status = 'open' AND owner_kind = 'user'"),
        ),
        Index(
            "ix_conversations_late",
            "due_state",
            *_NEWEST,
            postgresql_where=text("status = 'open' AND due_state > 0"),
        ),
        Index(
            "ix_conversations_due_check",
            "due_check_at",
            postgresql_where=text("due_check_at IS NOT NULL"),
        ),
    )


def team_indexes() -> tuple[Index, ...]:
    """The orders of the lists for those who see some teams; rows without one are not in them."""
    return (
        Index(
            "ix_conversations_team_newest",
            "team_id",
            "status",
            *_NEWEST,
            postgresql_where=text("team_id IS NOT NULL"),
        ),
        Index(
            "ix_conversations_team_waiting",
            "team_id",
            text("coalesce(waiting_since, '9999-01-01 00:00:00+00'::timestamptz)"),
            text("id DESC"),
            postgresql_where=text("team_id IS NOT NULL AND status = 'open'"),
        ),
    )
