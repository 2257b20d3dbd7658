"""Secrets at rest: encrypted with the key of the environment, or kept only as a hash."""

import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from flask import current_app
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from app.errors import GuicheError


def _fernet() -> Fernet:
    return Fernet(current_app.config["SETTINGS"].encryption_key.encode())


class Encrypted(TypeDecorator[str]):
    """A text column that is encrypted in the database and plain in the program."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else _fernet().encrypt(value.encode()).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        try:
            return _fernet().decrypt(value.encode()).decode()
        except InvalidToken:
            raise GuicheError(
                "Uma credencial guardada não pôde ser lida: confira ENCRYPTION_KEY.", status=500
            ) from None


def digest(secret: str) -> str:
    """The SHA-256 of a random secret, to look it up without keeping it (not for passwords)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def mark(text: str) -> str:
    """A short name for a text that tells nothing of it: equal texts have equal marks."""
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:16]


def same(one: str, other: str) -> bool:
    """Compare two secrets in constant time, as bytes."""
    return hmac.compare_digest(one.encode(), other.encode())
