"""What happens to conversations when their contacts are merged, parted again or renamed."""

from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, select, update

from app.contacts import hooks
from app.conversations import live
from app.conversations.models import Conversation
from app.conversations.queries import WITH_PEOPLE
from app.extensions import db
from app.transactions import on_commit


def follow() -> None:
    """Register with contacts, which know nothing of conversations."""
    hooks.on_merge["conversations"] = hooks.MergeHook(take, give_back)
    hooks.on_change["conversations"] = renamed
    if contact_of not in hooks.beside:
        hooks.beside.append(contact_of)


def contact_of(conversation_id: int) -> int | None:
    """Whose conversation it is now."""
    return db.session.scalar(
        select(Conversation.contact_id).where(Conversation.id == conversation_id)
    )


def take(kept_id: int, absorbed_id: int) -> dict[str, Any]:
    """Move the absorbed contact's conversations; the answer is kept to undo it."""
    moved = _update(Conversation.contact_id == absorbed_id, contact_id=kept_id)
    return {"ids": moved}


def give_back(kept_id: int, absorbed_id: int, moved: dict[str, Any]) -> None:
    """Move back those that were moved, as far as they are still there."""
    still_there = Conversation.id.in_(moved.get("ids", [])) & (Conversation.contact_id == kept_id)
    _update(still_there, contact_id=absorbed_id)


def renamed(contact_id: int) -> None:
    """Lists and threads show the contact's name."""
    _update(Conversation.contact_id == contact_id)


def _update(condition: ColumnElement[bool], **values: int) -> list[int]:
    numbers = list(
        db.session.scalars(
            update(Conversation)
            .where(condition)
            .values(version=Conversation.version + 1, **values)
            .returning(Conversation.id)
        )
    )
    if numbers:
        on_commit(partial(_announce, numbers))
    return numbers


def _announce(numbers: list[int]) -> None:
    query = select(Conversation).where(Conversation.id.in_(numbers)).options(*WITH_PEOPLE)
    for conversation in db.session.scalars(query.execution_options(populate_existing=True)):
        live.title_changed(conversation)
        live.row_changed(conversation)
