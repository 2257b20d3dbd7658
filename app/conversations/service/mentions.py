"""Calling colleagues by "@name" in a note."""

from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models import User
from app.conversations import live, queries
from app.conversations.models import Conversation, Message
from app.conversations.service.hooks import on_mention
from app.errors import GuicheError
from app.extensions import db
from app.transactions import on_commit


def mentionable(conversation: Conversation, by: User) -> list[User]:
    """The colleagues who see this conversation."""
    others = [person for person in queries.active_staff() if person.id != by.id]
    seeing = queries.who_sees(others, conversation.id)
    return [person for person in others if person.id in seeing]


def mention(conversation: Conversation, note: Message, ids: tuple[int, ...]) -> None:
    """Keep in a new note whom it mentions, and tell them; whoever is not named in it is not meant.

    Raises GuicheError when somebody could not read it.
    """
    if not ids:
        return
    people = db.session.scalars(select(User).where(User.id.in_(ids), User.active))
    named = [person for person in people if f"@{person.name}" in note.body]
    seeing = queries.who_sees(named, conversation.id)
    for person in named:
        if person.id not in seeing:
            text = _("%(name)s não vê esta conversa. Tire a menção.", name=person.name)
            raise GuicheError(text, status=422)
    if named:
        kept: list[dict[str, Any]] = [{"id": each.id, "name": each.name} for each in named]
        note.payload = {**(note.payload or {}), "mentions": kept}
    for person in named:
        if person.id == note.author_id:
            continue
        for hook in on_mention:
            hook(conversation, note, person)
        on_commit(partial(live.mentioned, person.id, conversation, note))
