"""What can be done with ready texts; nothing else writes their table."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.conversations.models import Conversation, Message
from app.errors import Conflict, Forbidden, GuicheError, NotFound
from app.extensions import db
from app.quick_replies import live, queries
from app.quick_replies.models import QuickReply
from app.quick_replies.variables import blanks
from app.transactions import atomic, on_commit

LONGEST_TITLE, LONGEST_SHORTCUT, LONGEST_FOLDER, LONGEST_BODY = 80, 30, 40, 4096


@dataclass(frozen=True, slots=True)
class Wording:
    """What a person gives a ready text."""

    title: str
    shortcut: str
    body: str
    folder: str
    is_shared: bool

    def checked(self) -> "Wording":
        """Tidied; raises GuicheError with what is missing."""
        title, folder = " ".join(self.title.split()), " ".join(self.folder.split())
        body = self.body.replace("\x00", "").replace("\r\n", "\n").strip()
        shortcut = slug(self.shortcut or title)
        if not title or len(title) > LONGEST_TITLE:
            raise GuicheError(_("Dê à resposta um título de até 80 letras."), status=422)
        if not body or len(body) > LONGEST_BODY:
            raise GuicheError(_("Escreva o texto da resposta, até 4.096 letras."), status=422)
        if not shortcut:
            text = _("O atalho precisa de letras ou números, sem espaços: por exemplo, pix.")
            raise GuicheError(text, status=422)
        return Wording(title, shortcut, body, folder[:LONGEST_FOLDER], self.is_shared)


def slug(text: str) -> str:
    """What can follow a "/": letters without accents, digits, "-" and "_"."""
    plain = unicodedata.normalize("NFD", text.strip().lstrip("/").casefold())
    plain = "".join(each for each in plain if not unicodedata.combining(each))
    return re.sub(r"[^a-z0-9_-]+", "-", plain).strip("-")[:LONGEST_SHORTCUT].rstrip("-")


def may_change(reply: QuickReply, by: User) -> bool:
    """Its owner may, and for what is shared whoever keeps the team's texts."""
    manages = reply.is_shared and by.can(Permission.QUICK_REPLIES_MANAGE)
    return reply.owner_id == by.id or manages


def create(by: User, given: Wording) -> QuickReply:
    """Write a ready text. Raises GuicheError, or Conflict when the shortcut is taken."""
    wording = given.checked()
    reply = QuickReply(owner_id=by.id, uses=0, version=1)
    reply.owner = by
    with atomic():
        _word(reply, wording)
        db.session.add(reply)
        _flush(wording)
        _note(by, "quick_reply.created", reply, None, _shown(reply))
    return reply


def edit(reply_id: int, by: User, given: Wording) -> QuickReply:
    """Word it anew. Raises NotFound, Forbidden, GuicheError or Conflict."""
    wording = given.checked()
    return _change(reply_id, by, "quick_reply.edited", lambda reply: _word(reply, wording))


def duplicate(reply_id: int, by: User) -> QuickReply:
    """A copy of one's own, to change at will; its shortcut gets the first free number."""
    source = queries.find(by, reply_id)
    stem = source.shortcut[: LONGEST_SHORTCUT - 3]
    free = next(
        name
        for number in range(2, 100)
        if not queries.taken(name := f"{stem}-{number}", by.id, False, 0)
    )
    title = _("%(title)s (cópia)", title=source.title)[:LONGEST_TITLE]
    return create(by, Wording(title, free, source.body, source.folder, False))


def delete(reply_id: int, by: User) -> QuickReply:
    """Offer it no more; it can be restored."""
    return _change(
        reply_id, by, "quick_reply.deleted", lambda reply: setattr(reply, "deleted_at", clock.now())
    )


def restore(reply_id: int, by: User) -> QuickReply:
    """Take back a deletion."""
    return _change(
        reply_id, by, "quick_reply.restored", lambda reply: setattr(reply, "deleted_at", None)
    )


def _change(
    reply_id: int, by: User, action: str, change: Callable[[QuickReply], Any]
) -> QuickReply:
    with atomic():
        reply = db.session.get(QuickReply, reply_id, with_for_update=True, populate_existing=True)
        if reply is None or not (reply.is_shared or reply.owner_id == by.id):
            raise NotFound
        if not may_change(reply, by):
            raise Forbidden(_("Só quem criou ou um gestor muda esta resposta. Duplique-a."))
        reply.owner = db.session.get_one(User, reply.owner_id)
        before, was_shared = _shown(reply), reply.is_shared
        change(reply)
        reply.version += 1
        _flush(reply)
        _note(by, action, reply, before, _shown(reply), was_shared)
    return reply


def _word(reply: QuickReply, wording: Wording) -> None:
    for name in ("title", "shortcut", "body", "folder", "is_shared"):
        setattr(reply, name, getattr(wording, name))


def _flush(named: QuickReply | Wording) -> None:
    # Said beforehand: after a failed flush nothing can be read.
    taken = _("O atalho /%(name)s já é de outra resposta. Escolha outro.", name=named.shortcut)
    try:
        db.session.flush()
    except IntegrityError:
        raise Conflict(taken) from None


def _note(
    by: User,
    action: str,
    reply: QuickReply,
    before: dict[str, Any] | None,
    after: dict[str, Any],
    was_shared: bool = False,
) -> None:
    for_all = reply.is_shared or was_shared
    if for_all:  # what is one's own alone is nobody else's business
        audit.record(by, action, "quick_reply", reply.id, before, after)
    on_commit(partial(live.changed, reply.owner_id, for_all))


def _shown(reply: QuickReply) -> dict[str, Any]:
    return {
        "title": reply.title,
        "shortcut": reply.shortcut,
        "body": reply.body,
        "folder": reply.folder,
        "is_shared": reply.is_shared,
    }


# ── What is written with them ───────────────────────────────────────────────────────────────────


def count_uses(_conversation: Conversation, message: Message) -> None:
    """Count what went into a message that somebody wrote, in the transaction that wrote it.

    Raises GuicheError when something in it is still to be filled.
    """
    ids = _used_in(message)
    if not ids:
        return
    if open_ := blanks(message.body):
        names = ", ".join(open_)
        raise GuicheError(_("Falta preencher: %(names)s.", names=names), status=422)
    _add(ids, message.author_id or 0, 1, last_used_at=message.created_at)


def uncount_uses(_conversation: Conversation, message: Message) -> None:
    """The message was taken back before it left."""
    _add(_used_in(message), message.author_id or 0, -1)


def _used_in(message: Message) -> list[int]:
    return list((message.payload or {}).get("quick_replies", ()))


def _add(ids: list[int], user_id: int, number: int, **values: Any) -> None:
    if not ids:
        return
    mine = queries.visible_to(user_id, select(QuickReply.id)).where(QuickReply.id.in_(ids))
    # Locked in one order, so that two people who send at once never wait for each other in a ring.
    locked = db.session.scalars(mine.order_by(QuickReply.id).with_for_update()).all()
    db.session.execute(
        update(QuickReply)
        .where(QuickReply.id.in_(locked))
        .values(uses=QuickReply.uses + number, **values)
        .execution_options(synchronize_session=False)
    )
    on_commit(live.used, once="quick-replies-used")
