"""Passwords: argon2, hashed and verified off the event loop when there is one."""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _
from gevent.monkey import is_module_patched
from gevent.threadpool import ThreadPool

from app.errors import GuicheError

SHORTEST, LONGEST = 8, 200
# A hash takes 64 MB and 0.1 s of a core: a flood of log-ins must not take them all.
AT_ONCE = 2

Answer = TypeVar("Answer")

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """The argon2id hash to keep."""
    return _aside(_hasher.hash, password)


def verify(kept: str | None, password: str) -> bool:
    """Whether the password is the one. Takes as long when there is none (`kept` is None)."""
    good = _aside(_matches, kept or _nobodys(), password)
    return good and kept is not None


def needs_new_hash(kept: str) -> bool:
    """Whether the hash was made with older parameters than today's."""
    return _hasher.check_needs_rehash(kept)


def check_new(password: str, email: str) -> None:
    """Refuse a password that is too short, too long or the e-mail itself."""
    if len(password) < SHORTEST:
        raise GuicheError(
            _("Use uma senha de pelo menos %(least)s caracteres.", least=SHORTEST), status=422
        )
    if len(password) > LONGEST:
        raise GuicheError(_("Use uma senha de até %(most)s caracteres.", most=LONGEST), status=422)
    if password.strip().lower() == email:
        raise GuicheError("A senha não pode ser o seu e-mail.", status=422)


def _matches(kept: str, password: str) -> bool:
    try:
        return _hasher.verify(kept, password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _aside(_hasher.hash, "no account has this password")


@lru_cache(maxsize=1)
def _pool() -> ThreadPool:
    return ThreadPool(AT_ONCE)


def _aside(work: Callable[..., Answer], *args: str) -> Answer:
    """Run it in a real thread under gevent, where it would stop every other request."""
    if not is_module_patched("socket"):
        return work(*args)
    answer: Answer = _pool().apply(work, args)
    return answer
