"""Which ready texts somebody may use, in the order in which they are used most."""

from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, literal, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.errors import NotFound
from app.extensions import db
from app.quick_replies.models import QuickReply

MOST = 500  # no composer offers more, no page shows more

Q = QuickReply


def visible_to(user_id: int, query: Select[Any]) -> Select[Any]:
    """Those of one person: their own and the shared ones."""
    return query.where(Q.deleted_at.is_(None), or_(Q.is_shared, Q.owner_id == user_id))


def find(viewer: User, reply_id: int) -> QuickReply:
    """One that this person may use; raises NotFound."""
    query = select(Q).where(Q.id == reply_id).options(joinedload(Q.owner))
    found: QuickReply | None = db.session.scalars(visible_to(viewer.id, query)).one_or_none()
    if found is None:
        raise NotFound
    return found


def offered(viewer: User) -> list[QuickReply]:
    """What the composer offers this person, most used first."""
    query = select(Q).order_by(Q.uses.desc(), Q.title).limit(MOST)
    return list(db.session.scalars(visible_to(viewer.id, query)))


def page(viewer: User, words: str, folder: str, only: str) -> list[QuickReply]:
    """The page's list: by folder and title; `only` is "minhas", "equipe" or all."""
    query = visible_to(viewer.id, select(Q).options(joinedload(Q.owner)))
    if folder:
        query = query.where(Q.folder == folder)
    if only:
        query = query.where(Q.is_shared if only == "equipe" else Q.owner_id == viewer.id)
    query = query.where(*(_holds(word) for word in words.split()[:8]))
    return list(db.session.scalars(query.order_by(Q.folder, Q.title, Q.id).limit(MOST)))


def _holds(word: str) -> ColumnElement[bool]:
    text = func.fold(Q.title + " /" + Q.shortcut + " " + Q.body)
    return func.strpos(text, func.fold(word)) > 0


def folders(viewer: User) -> list[str]:
    """The names of the folders that this person sees."""
    query = visible_to(viewer.id, select(Q.folder).distinct()).where(Q.folder != "")
    return sorted(db.session.scalars(query))


def version(user_id: int) -> Select[tuple[str]]:
    """What a person's list is, as one text: it differs when anything in it does."""
    line = func.concat(cast(func.count(), Text), literal("."), cast(func.sum(Q.version), Text))
    return visible_to(user_id, select(line))


def page_version(user_id: int) -> Select[tuple[str]]:
    """The same with how often each was used."""
    parts = (func.count(), func.sum(Q.version), func.sum(Q.uses))
    line = func.concat_ws(".", *(cast(part, Text) for part in parts))
    return visible_to(user_id, select(line))


def taken(shortcut: str, owner_id: int, is_shared: bool, except_id: int) -> bool:
    """Whether the shortcut stands for another text in the eyes of its owner, or of the team."""
    same = and_(Q.shortcut == shortcut, Q.deleted_at.is_(None), Q.id != except_id)
    clash = or_(Q.owner_id == owner_id, and_(Q.is_shared, literal(is_shared)))
    return db.session.scalar(select(Q.id).where(same, clash).limit(1)) is not None
