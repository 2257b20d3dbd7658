"""What the templates of accounts, and of whoever shows a colleague, ask for by name."""

import unicodedata

from flask import Flask

from app import clock
from app.accounts import audit_log, audit_words, live, presence
from app.accounts.models import ApiToken, User
from app.accounts.permissions import Role


def init_app(app: Flask) -> None:
    """Add the names to every template, those pushed from a worker included."""
    app.jinja_env.globals.update(
        staff_key=staff_key,
        staff_state=staff_state,
        token_state=token_state,
        all_roles=list(Role),
        role_name=audit_words.role_name,
        approval_levels=range(len(audit_words.LEVELS)),
        level_name=audit_words.level_name,
        subject_name=audit_words.subject_name,
        action_name=audit_words.action_name,
        audit_changes=audit_log.changes,
        presence_of=lambda user_id: presence.state_of([user_id])[user_id],
        everyones_presence=live.everyones_presence,
        presence_version=live.presence_version,
        sees_presence=live.sees_presence,
    )
    app.jinja_env.filters["role_name"] = audit_words.role_name


def staff_key(member: User) -> str:
    """Sorts rows by name, accents aside, then by id."""
    plain = unicodedata.normalize("NFKD", member.name.lower())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return f"{letters} {member.id:010d}"


def staff_state(member: User) -> str:
    """active, waiting (for a password to be set) or inactive."""
    if not member.active:
        return "inactive"
    return "active" if member.password_hash else "waiting"


def token_state(token: ApiToken) -> str:
    """good, expired or revoked."""
    if token.revoked_at is not None:
        return "revoked"
    is_old = token.expires_at is not None and token.expires_at <= clock.now()
    return "expired" if is_old else "good"
