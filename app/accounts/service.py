"""What administrators do with the staff, each time recorded with what was before and after."""

import re
from collections.abc import Callable, Sequence

from flask_babel import gettext as _
from sqlalchemy import any_, func, literal, select

from app import live
from app.accounts import audit, links, passwords
from app.accounts.live import staff_changed
from app.accounts.login import normal_email
from app.accounts.models import User
from app.accounts.own_account import check_name
from app.accounts.permissions import Role
from app.errors import Conflict, GuicheError, NotFound
from app.extensions import db
from app.transactions import atomic, on_commit

_EMAIL = re.compile(r"[a-z0-9._%+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+")
_STAFF_LOCK = 7_301_001
# What people may grant to debtors, from nothing to everything; the audit log says them in words.
APPROVAL_LEVELS = ("none", "operator", "coordinator", "manager", "director")

# What other features do when somebody may do less than before, or nothing: each is called in the
# same transaction with the person and with who decided it.
on_less_access: list[Callable[[User, User | str], None]] = []


def invite(actor: User, name: str, email: str, roles: Sequence[str]) -> tuple[User, str]:
    """A new member of staff without a password, and the secret of the link that sets it."""
    with atomic():
        user = _add(actor, "user.invited", name, email, roles, password_hash=None)
        return user, links.issue(user, "invitation", actor)


def create(actor: User | str, name: str, email: str, roles: Sequence[str], password: str) -> User:
    """A new member of staff who can log in at once: the command line's way."""
    passwords.check_new(password, normal_email(email))
    hashed = passwords.hash_password(password)
    with atomic():
        return _add(actor, "user.created", name, email, roles, password_hash=hashed)


def change_roles(actor: User, user_id: int, roles: Sequence[str]) -> User:
    """Give a person exactly these roles. The last administrator stays one."""
    chosen = _checked(roles)
    with atomic():
        user = _lock(user_id)
        if Role.ADMIN not in chosen:
            _keep_an_admin(user)
        if chosen == user.roles:
            return user
        before, user.roles = list(user.roles), chosen
        for hook in on_less_access:
            hook(user, actor)
        audit.record(
            actor, "user.roles_changed", "user", user.id, {"roles": before}, {"roles": chosen}
        )
        return _changed(user, access=True)


def change_approval(actor: User, user_id: int, level: int, legal: bool) -> User:
    """Set what a person may grant to debtors, and whether they answer for the legal department."""
    if not 0 <= level < len(APPROVAL_LEVELS):
        raise GuicheError(_("Escolha uma das opções oferecidas."), status=422)
    with atomic():
        user = _lock(user_id)
        before = {"approval_level": APPROVAL_LEVELS[user.approval_level], "legal": user.legal}
        after = {"approval_level": APPROVAL_LEVELS[level], "legal": legal}
        if before == after:
            return user
        user.approval_level, user.legal = level, legal
        audit.record(actor, "user.approval_changed", "user", user.id, before, after)
        return _changed(user)


def deactivate(actor: User | str, user_id: int) -> User:
    """End a person's access at once: sessions, sockets and links. Not the last administrator's."""
    with atomic():
        user = _lock(user_id)
        if not user.active:
            return user
        _keep_an_admin(user)
        user.active = False
        user.session_epoch += 1
        for hook in on_less_access:
            hook(user, actor)
        audit.record(
            actor, "user.deactivated", "user", user.id, {"active": True}, {"active": False}
        )
        return _changed(user, access=True)


def reactivate(actor: User, user_id: int) -> User:
    """Let a person in again, with the password and roles they had."""
    with atomic():
        user = _lock(user_id)
        if user.active:
            return user
        user.active = True
        audit.record(
            actor, "user.reactivated", "user", user.id, {"active": False}, {"active": True}
        )
        return _changed(user)


def reset_password(actor: User, user_id: int) -> tuple[User, str]:
    """End a person's sessions and password; the secret of the link that sets a new one."""
    if actor.id == user_id:
        raise Conflict("Para trocar a sua própria senha, use Minha conta.")
    with atomic():
        user = _lock(user_id)
        if not user.active:
            raise Conflict("Reative a pessoa antes de redefinir a senha dela.")
        purpose = "reset" if user.password_hash else "invitation"
        user.password_hash = None
        user.session_epoch += 1
        secret = links.issue(user, purpose, actor)
        audit.record(actor, "user.link_issued", "user", user.id, after={"purpose": purpose})
        return _changed(user, access=True), secret


def put_in_teams(user_id: int, team_ids: Sequence[int]) -> tuple[list[int], list[int]]:
    """Write to which teams somebody belongs, in the caller's transaction; what was and what is.

    Their sockets are cut after the commit: they connect again into the rooms they may be in now.
    """
    user = _lock(user_id)
    before, after = list(user.team_ids), sorted(set(team_ids))
    if before != after:
        user.team_ids = after
        _changed(user, access=True)
    return before, after


def _add(
    actor: User | str,
    action: str,
    name: str,
    typed_email: str,
    roles: Sequence[str],
    password_hash: str | None,
) -> User:
    email, chosen = normal_email(typed_email), _checked(roles)
    check_name(name)
    if not _EMAIL.fullmatch(email):
        raise GuicheError("Informe um e-mail válido.", status=422)
    db.session.execute(select(func.pg_advisory_xact_lock(_STAFF_LOCK)))
    known = db.session.scalar(select(User).where(User.email == email))
    if known is not None:
        if known.active:
            raise Conflict(_("%(name)s já usa este e-mail.", name=known.name))
        raise Conflict(_("%(name)s já usa este e-mail (sem acesso: reative).", name=known.name))
    user = User(name=name, email=email, roles=chosen, password_hash=password_hash)
    db.session.add(user)
    db.session.flush()
    after = {"name": name, "email": email, "roles": chosen}
    audit.record(actor, action, "user", user.id, after=after)
    on_commit(lambda: staff_changed(user))
    return user


def _lock(user_id: int) -> User:
    """The person, with every other change to the staff waiting for this one."""
    db.session.execute(select(func.pg_advisory_xact_lock(_STAFF_LOCK)))
    # Not against foreign keys: who writes a message holds its conversation and refers to us.
    lock = {"key_share": True}
    user = db.session.get(User, user_id, with_for_update=lock, populate_existing=True)
    if user is None:
        raise NotFound
    return user


def _checked(roles: Sequence[str]) -> list[str]:
    known = [role.value for role in Role if role.value in roles]
    if not known or len(known) != len(set(roles)):
        raise GuicheError("Escolha ao menos um papel.", status=422)
    return known


def _keep_an_admin(user: User) -> None:
    """Refuse when this is the last administrator who can still log in."""
    if Role.ADMIN not in user.roles or not user.active:
        return
    others = select(User.id).where(
        User.active, literal(Role.ADMIN.value) == any_(User.roles), User.id != user.id,
        User.password_hash.is_not(None),
    )  # fmt: skip
    if db.session.scalar(others.limit(1)) is None:
        raise Conflict(
            _(
                "%(name)s é a última pessoa na administração. "
                "Dê este papel a outra pessoa, que já tenha senha, antes de tirá-lo.",
                name=user.name,
            )
        )


def _changed(user: User, access: bool = False) -> User:
    user.version += 1
    on_commit(lambda: staff_changed(user))
    if access:
        on_commit(lambda: live.kick(user.id))
    return user
