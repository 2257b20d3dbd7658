"""Getting in and out: the same answer, after the same work, whoever asks."""

from datetime import timedelta

from sqlalchemy import delete, select

from app import clock, live
from app.accounts import attempts, audit, passwords, second_factor
from app.accounts.live import staff_changed
from app.accounts.models import EndedSession, User
from app.extensions import current_settings
from app.secrets import digest
from app.transactions import atomic, on_commit


def normal_email(typed: str) -> str:
    """The e-mail as it is kept: lower case, nothing around it."""
    return typed.replace("\0", "").strip().lower()[:320]


def check_password(typed_email: str, password: str, address: str) -> User | None:
    """The active person whose e-mail and password these are; None otherwise, and while locked."""
    email = normal_email(typed_email)
    attempt = attempts.begin(email, address)
    with atomic() as session:
        user = session.scalar(select(User).where(User.email == email))
    # Verified also when locked or unknown, so that the time of the answer tells nothing.
    kept = user.password_hash if user is not None and user.active else None
    is_right = passwords.verify(kept, password)
    if attempt is None or not is_right:
        return None
    attempts.give_back(attempt)
    return user


def check_code(user: User, code: str, address: str) -> bool:
    """Whether the second factor is right; wrong codes count and lock as wrong passwords do."""
    attempt = attempts.begin(user.email, address)
    if attempt is None or not second_factor.accept(user.id, code):
        return False
    attempts.give_back(attempt)
    return True


def entered(user_id: int, address: str, password: str | None = None) -> User:
    """Note that this person got in; `password` is given to renew an old hash."""
    with atomic() as session:
        user = session.get_one(User, user_id, with_for_update=True, populate_existing=True)
        if password and user.password_hash and passwords.needs_new_hash(user.password_hash):
            user.password_hash = passwords.hash_password(password)
        user.last_login_at = clock.now()
        user.version += 1
        attempts.forget(user.email, address)
        audit.record(user, "session.started", "user", user.id)
        on_commit(lambda: staff_changed(user))
    return user


def leave(user: User, session_key: str) -> None:
    """End one session for good: its cookie, copied or not, opens nothing any more."""
    with atomic() as session:
        # A cookie that nobody renews is dead by itself after session_hours.
        dead = clock.now() - timedelta(hours=current_settings().session_hours)
        session.execute(delete(EndedSession).where(EndedSession.ended_at < dead))
        if session_key:
            session.merge(EndedSession(key_hash=digest(session_key), ended_at=clock.now()))
        audit.record(user, "session.ended", "user", user.id)
        on_commit(lambda: live.kick(user.id))
