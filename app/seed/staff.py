"""The staff of the demo."""

from sqlalchemy import select

from app.accounts.models import User
from app.accounts.passwords import hash_password, verify
from app.extensions import db

PEOPLE = {
    "atendente": ("Beatriz Carvalho", ["attendant"]),
    "atendente2": ("Rafael Moreira", ["attendant"]),
    "gestor": ("Helena Vasconcelos", ["manager"]),
    "financeiro": ("Otávio Teixeira", ["finance"]),
    "admin": ("Marina Azevedo", ["admin"]),
}


def hire(password: str) -> dict[str, User]:
    """The people of the demo by the first part of their e-mail, all with this password."""
    hashed = ""
    staff = {}
    for key, (name, roles) in PEOPLE.items():
        email = f"{key}@guiche.local"
        user = db.session.scalars(select(User).where(User.email == email)).one_or_none()
        if user is None:
            user = User(name=name, email=email, roles=roles)
            db.session.add(user)
        if password and not (user.password_hash and verify(user.password_hash, password)):
            hashed = hashed or hash_password(password)
            user.password_hash = hashed
            user.session_epoch = (user.session_epoch or 0) + 1
        staff[key] = user
    db.session.flush()
    return staff
