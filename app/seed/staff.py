"""The staff of the demo."""

from sqlalchemy import select

from app.accounts.models import User
from app.accounts.passwords import hash_password, verify
from app.extensions import db

# Name, roles, and what they may grant to debtors (`engine.approval.Level`).
PEOPLE = {
    "atendente": ("Beatriz Carvalho", ["attendant"], 0),
    "atendente2": ("Rafael Moreira", ["attendant"], 0),
    "gestor": ("Helena Vasconcelos", ["manager"], 3),
    "financeiro": ("Otávio Teixeira", ["finance"], 2),
    "admin": ("Marina Azevedo", ["admin"], 4),
}


def hire(password: str) -> dict[str, User]:
    """The people of the demo by the first part of their e-mail, all with this password."""
    hashed = ""
    staff = {}
    for key, (name, roles, level) in PEOPLE.items():
        email = f"{key}@guiche.local"
        user = db.session.scalars(select(User).where(User.email == email)).one_or_none()
        if user is None:
            user = User(name=name, email=email, roles=roles, approval_level=level)
            db.session.add(user)
        if password and not (user.password_hash and verify(user.password_hash, password)):
            hashed = hashed or hash_password(password)
            user.password_hash = hashed
            user.session_epoch = (user.session_epoch or 0) + 1
        staff[key] = user
    db.session.flush()
    return staff
