"""One-time links: an invitation, or a new password."""

import secrets
from datetime import timedelta

from sqlalchemy import ColumnElement, select, update

from app import clock
from app.accounts import audit, passwords
from app.accounts.live import staff_changed
from app.accounts.models import OneTimeLink, User
from app.errors import GuicheError
from app.extensions import current_settings, db
from app.secrets import digest
from app.transactions import atomic, on_commit
from app.words import N_


class LinkGone(GuicheError):
    """The link was used, replaced, or is too old."""

    status = 410

    def __init__(self) -> None:
        super().__init__(
            N_(
                "Este link já foi usado ou venceu. Se foi você quem usou, entre com a sua senha; "
                "se não, peça um novo a um administrador."
            )
        )


def issue(user: User, purpose: str, actor: User | None) -> str:
    """A new secret for this person, in the transaction under way; their earlier links end."""
    now = clock.now()
    secret = secrets.token_urlsafe(32)
    db.session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.user_id == user.id, OneTimeLink.used_at.is_(None))
        .values(expires_at=now)
    )
    db.session.add(
        OneTimeLink(
            user_id=user.id,
            purpose=purpose,
            secret_hash=digest(secret),
            created_by_id=actor.id if actor else None,
            expires_at=now + timedelta(hours=current_settings().invitation_hours),
        )
    )
    return secret


def owner_of(secret: str) -> User:
    """Whose link this is, while it works; LinkGone when it doesn't."""
    user = db.session.scalar(
        select(User)
        .join(OneTimeLink, OneTimeLink.user_id == User.id)
        .where(*_usable(secret), User.active)
    )
    if user is None:
        raise LinkGone
    return user


def use(secret: str, password: str) -> User:
    """Set the password of the link's owner, once."""
    passwords.check_new(password, owner_of(secret).email)
    hashed = passwords.hash_password(password)
    with atomic() as session:
        user_id = session.scalar(
            update(OneTimeLink).where(*_usable(secret)).values(used_at=clock.now())
            .returning(OneTimeLink.user_id)
        )  # fmt: skip
        if user_id is None:
            raise LinkGone
        user = session.get_one(User, user_id, with_for_update=True, populate_existing=True)
        if not user.active:
            raise LinkGone
        user.password_hash = hashed
        user.session_epoch += 1
        user.version += 1
        audit.record(user, "user.password_set", "user", user.id)
        on_commit(lambda: staff_changed(user))
    return user


def _usable(secret: str) -> tuple[ColumnElement[bool], ...]:
    return (
        OneTimeLink.secret_hash == digest(secret),
        OneTimeLink.used_at.is_(None),
        OneTimeLink.expires_at > clock.now(),
    )
