"""What a merge of two contacts does to their conversations, and how it is undone."""

from sqlalchemy import select, update

from app.conversations import live
from app.conversations.models import Conversation
from app.conversations.queries import WITH_PEOPLE
from app.extensions import db
from app.transactions import on_commit


def take_conversations(kept_id: int, absorbed_id: int) -> dict[str, list[int]]:
    """Move the absorbed contact's conversations; the answer is kept to undo it."""
    moved = list(
        db.session.scalars(
            update(Conversation)
            .where(Conversation.contact_id == absorbed_id)
            .values(contact_id=kept_id, version=Conversation.version + 1)
            .returning(Conversation.id)
        )
    )
    on_commit(lambda: _announce(moved))
    return {"conversations": moved}


def give_conversations_back(
    kept_id: int, absorbed_id: int, moved: dict[str, list[int]]
) -> None:
    """Move back exactly those that were moved."""
    numbers = moved.get("conversations", [])
    db.session.execute(
        update(Conversation)
        .where(Conversation.id.in_(numbers), Conversation.contact_id == kept_id)
        .values(contact_id=absorbed_id, version=Conversation.version + 1)
    )
    on_commit(lambda: _announce(numbers))


def _announce(numbers: list[int]) -> None:
    query = select(Conversation).where(Conversation.id.in_(numbers)).options(*WITH_PEOPLE)
    for conversation in db.session.scalars(query.execution_options(populate_existing=True)):
        live.version_passed(conversation.id, conversation.version)
        live.row_changed(conversation)
