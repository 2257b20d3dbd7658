"""What can be done with labels; nothing else writes their table."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.accounts import audit
from app.accounts.models import User
from app.company import memory
from app.errors import Conflict, GuicheError, NotFound
from app.extensions import db
from app.labels import live, queries
from app.labels.models import COLOURS, Label
from app.transactions import atomic, on_commit

LONGEST = 40


def find(label_id: int) -> Label:
    """One label, archived or not; raises NotFound."""
    label = db.session.get(Label, label_id)
    if label is None:
        raise NotFound
    return label


def create(by: User, name: str, colour: str) -> Label:
    """Add a label. Raises GuicheError for a bad name or colour, Conflict when the name is taken."""
    label = Label(name=_name(name), colour=_colour(colour), archived=False, version=1)
    with atomic():
        _insert(label)
        audit.record(by, "label.created", "label", label.id, None, _shown(label))
        memory.forget()
        on_commit(partial(live.label_changed, label))
    return label


def edit(label_id: int, by: User, name: str, colour: str) -> Label:
    """Another name or colour: it changes wherever the label was put."""
    wanted, painted = _name(name), _colour(colour)

    def change(label: Label) -> None:
        label.name, label.colour = wanted, painted

    try:
        return _change(label_id, by, "label.edited", change)
    except IntegrityError:
        raise _taken(wanted) from None


def archive(label_id: int, by: User) -> Label:
    """Offer it no more; it stays where it was put."""
    return _change(label_id, by, "label.archived", lambda label: setattr(label, "archived", True))


def restore(label_id: int, by: User) -> Label:
    """Offer it again."""
    return _change(label_id, by, "label.restored", lambda label: setattr(label, "archived", False))


def _insert(label: Label) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(label)
    except IntegrityError:
        raise _taken(label.name) from None


def _change(label_id: int, by: User, action: str, change: Callable[[Label], Any]) -> Label:
    with atomic():
        label = db.session.get(
            Label, label_id, with_for_update={"key_share": True}, populate_existing=True
        )
        if label is None:
            raise NotFound
        before = _shown(label)
        change(label)
        db.session.flush()
        if before == _shown(label):
            return label
        label.version += 1
        audit.record(by, action, "label", label.id, before, _shown(label))
        memory.forget()
        on_commit(partial(live.label_changed, label))
    return label


def _taken(name: str) -> Conflict:
    query = select(Label).where(queries.folded_name() == func.fold(name))
    twin = db.session.scalar(query)
    where = _("Ela está arquivada: restaure-a.") if twin and twin.archived else ""
    shown = twin.name if twin else name
    taken = _("Já existe a etiqueta %(name)s.", name=shown)
    return Conflict(f"{taken} {where}".strip())


def _shown(label: Label) -> dict[str, Any]:
    """What the audit log may hold of a label."""
    return {"name": label.name, "colour": label.colour, "archived": label.archived}


def _name(text: str) -> str:
    name = " ".join(text.replace("\0", "").split())
    if not 1 <= len(name) <= LONGEST:
        raise GuicheError(_("Dê à etiqueta um nome de até 40 letras."), status=422)
    return name


def _colour(text: str) -> str:
    if text not in COLOURS:
        raise GuicheError(_("Escolha uma das cores da paleta."), status=422)
    return text
