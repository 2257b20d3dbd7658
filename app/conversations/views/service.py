"""Saving, renaming, deleting and bringing back views; nothing else writes their table."""

from functools import partial
from urllib.parse import parse_qsl, urlencode

from flask_babel import gettext as _
from sqlalchemy import func, select

from app import clock
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.conversations import filters, queries
from app.conversations.views import live
from app.conversations.views.models import SavedView
from app.errors import Forbidden, GuicheError, NotFound
from app.extensions import db
from app.transactions import atomic, on_commit

LONGEST = 40
MOST = 50


def may_change(view: SavedView, person: User) -> bool:
    """Whose it is, and for a shared one whoever may share."""
    if view.shared:
        return person.can(Permission.VIEWS_SHARE)
    return view.owner_id == person.id


def save(by: User, name: str, query: str, shared: bool) -> SavedView:
    """Keep the address of a list under a name; only who may share does so for everybody."""
    if shared and not by.can(Permission.VIEWS_SHARE):
        raise Forbidden(_("Só gestores criam visões para toda a equipe."))
    wanted = _name(name)
    with atomic():
        own = select(func.count()).where(
            SavedView.owner_id == by.id, SavedView.deleted_at.is_(None)
        )
        if (db.session.scalar(own) or 0) >= MOST:
            raise GuicheError(_("Você já tem 50 visões. Apague uma antes."), status=422)
        view = SavedView(
            owner_id=by.id, name=wanted, query=canonical(query), shared=shared,
            created_at=clock.now(), version=1,
        )  # fmt: skip
        db.session.add(view)
        _announce(view)
    return view


def rename(view_id: int, by: User, name: str) -> SavedView:
    """Another name."""
    wanted = _name(name)
    with atomic():
        view = _changeable(view_id, by)
        view.name = wanted
        view.version += 1
        _announce(view)
    return view


def delete(view_id: int, by: User) -> SavedView:
    """Offer it no more; `restore` brings it back."""
    with atomic():
        view = _changeable(view_id, by)
        view.deleted_at = clock.now()
        view.version += 1
        _announce(view)
    return view


def restore(view_id: int, by: User) -> SavedView:
    """Bring back what was deleted."""
    with atomic():
        view = _changeable(view_id, by)
        view.deleted_at = None
        view.version += 1
        _announce(view)
    return view


def canonical(query: str) -> str:
    """The query of a list's address with only what it knows: tab, order and filters."""
    given = dict(parse_qsl(query))
    tab, order = given.get("aba", "all"), given.get("ordem", "newest")
    if tab not in queries.TABS or order not in queries.ORDERS:
        raise NotFound
    narrowed = filters.read(query)
    return urlencode([("aba", tab), ("ordem", order), *narrowed.pairs()])


def _changeable(view_id: int, by: User) -> SavedView:
    view = db.session.get(SavedView, view_id, with_for_update=True, populate_existing=True)
    if view is None or not (view.shared or view.owner_id == by.id):
        raise NotFound
    if not may_change(view, by):
        raise Forbidden(_("Só gestores mudam as visões de toda a equipe."))
    return view


def _announce(view: SavedView) -> None:
    on_commit(partial(live.view_changed, view.owner_id, view.shared))


def _name(text: str) -> str:
    name = " ".join(text.replace("\0", "").split())
    if not 1 <= len(name) <= LONGEST:
        raise GuicheError(_("Dê à visão um nome de até 40 letras."), status=422)
    return name
