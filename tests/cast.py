"""The people of the tests: Ana and Bruno attend, Gisele manages, Fábio is outside the desk."""

from dataclasses import dataclass
from functools import cache

from app.accounts.models import User
from app.accounts.passwords import hash_password
from app.extensions import db
from app.transactions import atomic

PASSWORD = "uma senha de testes bem longa"


@dataclass(frozen=True, slots=True)
class Cast:
    """Ids of the people."""

    ana: int  # attendant
    bruno: int  # attendant
    gisele: int  # manager
    fabio: int  # finance: sees nothing of the desk
    adriana: int  # admin


def hire() -> Cast:
    """Put the cast in the database."""
    people = {
        "ana": ("Ana Souza", ["attendant"]),
        "bruno": ("Bruno Lima", ["attendant"]),
        "gisele": ("Gisele Prado", ["manager"]),
        "fabio": ("Fábio Nunes", ["finance"]),
        "adriana": ("Adriana Reis", ["admin"]),
    }
    users = {
        key: User(
            name=name, email=f"{key}@exemplo.com.br", roles=roles, password_hash=password_hash()
        )
        for key, (name, roles) in people.items()
    }
    with atomic():
        db.session.add_all(users.values())
    return Cast(**{key: user.id for key, user in users.items()})


@cache
def password_hash() -> str:
    """The hash of PASSWORD, made once a run."""
    return hash_password(PASSWORD)
