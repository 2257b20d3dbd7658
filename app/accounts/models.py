"""Staff, their one-time links and recovery codes, API tokens, log-in tries and the audit log."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Text,
    func,
    literal_column,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.permissions import Permission, permissions_of
from app.extensions import Model
from app.secrets import Encrypted
from app.words import initials

Timestamp = TIMESTAMP(timezone=True)


class User(Model):
    """A member of staff. `session_epoch` is in every session: raising it ends them all."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text, unique=True)  # always lower case
    password_hash: Mapped[str | None] = mapped_column(Text)
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    # The teams this person belongs to; with them they stand in every session and socket.
    team_ids: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default="{}")
    # Beside the roles: what this person may grant to debtors (0 none … 4 director), and whether
    # they answer for the legal department (app/debts/engine/approval.py has the limits).
    approval_level: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    legal: Mapped[bool] = mapped_column(server_default="false")
    active: Mapped[bool] = mapped_column(server_default="true")
    locale: Mapped[str] = mapped_column(Text, server_default="pt_BR")
    theme: Mapped[str] = mapped_column(Text, server_default="auto")
    # How long what they send can be taken back; null: as the company says.
    undo_send_seconds: Mapped[int | None] = mapped_column()
    session_epoch: Mapped[int] = mapped_column(server_default="1")
    totp_secret: Mapped[str | None] = mapped_column(Encrypted)
    totp_enabled_at: Mapped[datetime | None] = mapped_column(Timestamp)
    totp_last_step: Mapped[int | None] = mapped_column(BigInteger)
    last_login_at: Mapped[datetime | None] = mapped_column(Timestamp)
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    version: Mapped[int] = mapped_column(server_default="1")

    __table_args__ = (
        CheckConstraint(
            "roles <@ ARRAY['attendant','manager','finance','admin']::text[]", name="roles_known"
        ),
        CheckConstraint("email = lower(email)", name="email_lower"),
        CheckConstraint("approval_level BETWEEN 0 AND 4", name="approval_level_known"),
    )

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        """Whether this person may enter at all."""
        return self.active

    def get_id(self) -> str:
        """What the session keeps: the person and the epoch of the sessions."""
        return f"{self.id}.{self.session_epoch}"

    def can(self, permission: Permission) -> bool:
        """Whether one of this person's roles allows it."""
        return self.active and permission in permissions_of(self.roles)

    @property
    def initials(self) -> str:
        """Up to two letters for the avatar."""
        return initials(self.name)


class EndedSession(Model):
    """A session that was logged out: a copy of its cookie must not open it again."""

    __tablename__ = "ended_sessions"

    key_hash: Mapped[str] = mapped_column(Text, primary_key=True)
    ended_at: Mapped[datetime] = mapped_column(Timestamp, index=True)


class RecoveryCode(Model):
    """A code that stands in once for the second factor."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(Text)
    used_at: Mapped[datetime | None] = mapped_column(Timestamp)


class OneTimeLink(Model):
    """An invitation or a password reset: works once, until it expires."""

    __tablename__ = "one_time_links"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(Text)  # invitation | reset
    secret_hash: Mapped[str] = mapped_column(Text, unique=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    expires_at: Mapped[datetime] = mapped_column(Timestamp)
    used_at: Mapped[datetime | None] = mapped_column(Timestamp)


class LoginAttempt(Model):
    """A wrong password or code; what locks an account and address are counted from these rows."""

    __tablename__ = "login_attempts"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    email: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Timestamp)

    __table_args__ = (
        Index("ix_login_attempts_email_at", "email", "at"),
        Index("ix_login_attempts_address_at", "address", "at"),
    )


class ApiToken(Model):
    """A program's key: shown once, kept as a hash."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    secret_hash: Mapped[str] = mapped_column(Text, unique=True)
    hint: Mapped[str] = mapped_column(Text)  # the first characters, to recognise it by
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(Timestamp, server_default=func.now())
    expires_at: Mapped[datetime | None] = mapped_column(Timestamp)
    last_used_at: Mapped[datetime | None] = mapped_column(Timestamp)
    revoked_at: Mapped[datetime | None] = mapped_column(Timestamp)
    version: Mapped[int] = mapped_column(server_default="1")


# The words of an entry, for its search; `fold` is made by the first migration.
AUDIT_WORDS = (
    "to_tsvector('simple', regexp_replace(fold(actor_name || ' ' || action || ' ' || entity_type"
    " || ' ' || entity_id || ' ' || coalesce(before::text, '') || ' '"
    " || coalesce(after::text, '')), '[^[:alnum:]]+', ' ', 'g'))"
)


class AuditEntry(Model):
    """Who did what to what, with the values before and after."""

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime] = mapped_column(Timestamp)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    actor_name: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)  # "user.deactivated"
    entity_type: Mapped[str] = mapped_column(Text)
    entity_id: Mapped[str] = mapped_column(Text)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    address: Mapped[str | None] = mapped_column(Text)
    request_id: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index("ix_audit_entries_at_id", "at", "id"),
        Index("ix_audit_entries_entity", "entity_type", "entity_id", "id"),
        Index("ix_audit_entries_actor", "actor_id", "id"),
        Index("ix_audit_entries_action", "action", "id"),
        Index("ix_audit_entries_words", literal_column(AUDIT_WORDS), postgresql_using="gin"),
    )
