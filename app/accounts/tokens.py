"""API tokens: shown once, kept as a hash, good for what their scopes say."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import or_, select, update

from app import clock
from app.accounts import audit
from app.accounts.live import token_changed
from app.accounts.models import ApiToken, User
from app.accounts.permissions import Scope
from app.errors import GuicheError, NotFound
from app.extensions import db
from app.secrets import digest
from app.transactions import atomic, on_commit

PREFIX = "guiche_"
HINT_LENGTH = len(PREFIX) + 4
LONGEST_DAYS = 3650
NOTED_EVERY = timedelta(minutes=1)


def create(
    actor: User | str, name: str, scopes: Sequence[str], days: int | None
) -> tuple[ApiToken, str]:
    """A token for these scopes, and its secret, which nobody can read again."""
    chosen = [scope.value for scope in Scope if scope.value in scopes]
    if not name or len(name) > 120:
        raise GuicheError("Dê ao token um nome de até 120 letras.", status=422)
    if not chosen or len(chosen) != len(set(scopes)):
        raise GuicheError("Escolha ao menos uma permissão das oferecidas.", status=422)
    if days is not None and not 1 <= days <= LONGEST_DAYS:
        raise GuicheError(_("A validade vai de 1 a %(most)s dias.", most=LONGEST_DAYS), status=422)
    secret = PREFIX + secrets.token_urlsafe(32)
    with atomic() as session:
        token = ApiToken(
            name=name,
            scopes=chosen,
            secret_hash=digest(secret),
            hint=secret[:HINT_LENGTH],
            created_by_id=actor.id if isinstance(actor, User) else None,
            expires_at=clock.now() + timedelta(days=days) if days else None,
        )
        session.add(token)
        session.flush()
        after = {"name": name, "scopes": chosen, "days": days}
        audit.record(actor, "token.created", "token", token.id, after=after)
        on_commit(lambda: token_changed(token))
    return token, secret


def revoke(actor: User, token_id: int) -> ApiToken:
    """The token opens nothing from now on."""
    with atomic() as session:
        token = session.get(ApiToken, token_id, with_for_update=True, populate_existing=True)
        if token is None:
            raise NotFound
        if token.revoked_at is None:
            token.revoked_at = clock.now()
            token.version += 1
            audit.record(actor, "token.revoked", "token", token.id, before={"name": token.name})
            on_commit(lambda: token_changed(token))
    return token


def authenticate(bearer: str) -> ApiToken | None:
    """The token whose secret this is, unless revoked or expired; its last use is noted."""
    now = clock.now()
    token = db.session.scalar(
        select(ApiToken).where(
            ApiToken.secret_hash == digest(bearer),
            ApiToken.revoked_at.is_(None),
            or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > now),
        )
    )
    if token is not None and (token.last_used_at or now - NOTED_EVERY) <= now - NOTED_EVERY:
        _note_use(token)
    return token


def _note_use(token: ApiToken) -> None:
    """At most once a minute, however many requests arrive at once."""
    now = clock.now()
    unnoted = or_(ApiToken.last_used_at.is_(None), ApiToken.last_used_at <= now - NOTED_EVERY)
    with atomic() as session:
        noted = session.scalar(
            update(ApiToken)
            .where(ApiToken.id == token.id, unnoted)
            .values(last_used_at=now, version=ApiToken.version + 1)
            .returning(ApiToken.version)
            .execution_options(synchronize_session=False)
        )
        if noted is None:
            return
        session.refresh(token)
        on_commit(lambda: token_changed(token))
