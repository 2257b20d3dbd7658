"""What people change about themselves."""

from typing import Any

from flask_babel import gettext as _

from app import live
from app.accounts import audit, login, passwords
from app.accounts.live import staff_changed
from app.accounts.models import User
from app.errors import GuicheError
from app.extensions import current_settings
from app.transactions import atomic, on_commit

THEMES = ("auto", "light", "dark")
LONGEST_NAME = 120


# How long what one sends can be taken back, in seconds; None: as the company says.
UNDO_CHOICES = (None, 0, 5, 10, 20)


def edit(
    user_id: int, name: str, locale: str, theme: str, undo_send_seconds: int | None = None
) -> None:
    """Change one's own name, screen language, theme, and for how long a send can be undone."""
    check_name(name)
    if theme not in THEMES or locale not in current_settings().locales:
        raise GuicheError("Escolha um dos idiomas e temas oferecidos.", status=422)
    if undo_send_seconds not in UNDO_CHOICES:
        raise GuicheError("Escolha um dos tempos oferecidos para desfazer o envio.", status=422)
    with atomic() as session:
        user = session.get_one(User, user_id, with_for_update=True, populate_existing=True)
        after: dict[str, Any] = {"name": name, "locale": locale, "theme": theme}
        after["undo_send_seconds"] = undo_send_seconds
        before = {field: getattr(user, field) for field in after}
        if before == after:
            return
        for field, value in after.items():
            setattr(user, field, value)
        user.version += 1
        audit.record(user, "user.edited", "user", user.id, before, after)
        on_commit(lambda: staff_changed(user))
        if before["locale"] != locale:
            on_commit(lambda: live.kick(user.id))  # its sockets belong in another language's rooms


def change_password(user: User, present: str, new: str, address: str) -> User:
    """Change one's own password; every other session ends, and the one at work must begin again."""
    passwords.check_new(new, user.email)
    confirm_password(user, present, address)
    hashed = passwords.hash_password(new)
    with atomic() as session:
        changed = session.get_one(User, user.id, with_for_update=True, populate_existing=True)
        changed.password_hash = hashed
        changed.session_epoch += 1
        changed.version += 1
        audit.record(changed, "user.password_changed", "user", changed.id)
        on_commit(lambda: live.kick(changed.id))
    return changed


def confirm_password(user: User, present: str, address: str) -> None:
    """Refuse unless this is the person's password; wrong tries count as those of the log-in do."""
    if login.check_password(user.email, present, address) is None:
        raise GuicheError(
            "A senha atual não confere. Depois de cinco tentativas erradas é preciso "
            "esperar 15 minutos.",
            status=422,
        )


def check_name(name: str) -> None:
    """Refuse an empty or endless name."""
    if not name or len(name) > LONGEST_NAME:
        raise GuicheError(
            _("Informe um nome de até %(most)s letras.", most=LONGEST_NAME), status=422
        )
