"""The browser's session: who is in, who still owes a code, and ending it for good."""

import secrets
from urllib.parse import urlsplit

from flask import Flask, session
from flask_login import login_user, logout_user
from sqlalchemy import exists, select

from app import clock
from app.accounts import login
from app.accounts.models import EndedSession, User
from app.extensions import db
from app.extensions import login as login_manager
from app.secrets import digest

CODE_SECONDS = 300


def init_app(app: Flask) -> None:
    """Tell Flask-Login how to find the person behind a session."""
    login_manager.user_loader(load_user)


def load_user(session_id: str) -> User | None:
    """The person of "<id>.<epoch>", while active, in that epoch, and not logged out."""
    user_id, _, epoch = session_id.partition(".")
    if not (user_id.isdecimal() and epoch.isdecimal()):
        return None
    found = select(User).where(
        User.id == int(user_id), User.session_epoch == int(epoch), User.active
    )
    if key := session_key():
        found = found.where(~exists().where(EndedSession.key_hash == digest(key)))
    return db.session.scalar(found)


def session_key() -> str:
    """The random name of this session; empty before anybody is in."""
    return str(session.get("key", ""))


def begin(user: User) -> None:
    """Start a session that owes nothing to whatever was in the cookie before."""
    session.clear()
    session.permanent = True
    session["key"] = secrets.token_urlsafe(16)
    login_user(user)


def owe_code(user: User, target: str) -> None:
    """The password was right; the second factor must follow within five minutes."""
    session.clear()
    session["owing"] = {"who": user.get_id(), "since": clock.now().timestamp(), "next": target}


def who_owes_code() -> User | None:
    """The person whose password was right a moment ago, if still good."""
    owing = session.get("owing")
    if not isinstance(owing, dict):
        return None
    if clock.now().timestamp() - owing["since"] > CODE_SECONDS:
        session.pop("owing")
        return None
    return load_user(owing["who"])


def owed_target() -> str:
    """Where the person was going when the code was asked for."""
    owing = session.get("owing")
    return local_path(owing["next"] if isinstance(owing, dict) else None)


def end(user: User) -> None:
    """Log out: also a copy of this cookie opens nothing any more."""
    key = session_key()
    logout_user()
    session.clear()
    login.leave(user, key)


def local_path(target: str | None) -> str:
    """The target if it is a path of this very product, else the start page.

    Browsers read a backslash as a slash and skip control characters, so neither is let through.
    """
    if not target or not target.startswith("/") or target.startswith("//"):
        return "/"
    if "\\" in target or any(ord(character) < 33 for character in target):
        return "/"
    parts = urlsplit(target)
    return "/" if parts.scheme or parts.netloc else target
