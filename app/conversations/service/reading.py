"""What a person's screen leaves behind: that a conversation was read, and drafts."""

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from app import clock
from app.accounts.models import User
from app.conversations.models import Draft, Message
from app.conversations.threads import announce, locked
from app.errors import NotFound
from app.extensions import db
from app.transactions import atomic


def mark_read(conversation_id: int, by: User) -> None:
    """Somebody has seen the customer's messages: anyone while no person owns it, else its owner."""
    with atomic():
        conversation = locked(conversation_id)
        if conversation.unread_count == 0 or conversation.owner_id not in {None, by.id}:
            return
        conversation.unread_count = 0
        conversation.version += 1
        announce(conversation)


def save_draft(
    conversation_id: int, by: User, body: str, is_note: bool, quoted_id: int | None = None
) -> None:
    """Keep what a person has begun to write and the message it answers; an empty body forgets it.

    Raises NotFound when the quoted message is not of this conversation.
    """
    with atomic():
        if not body.strip():
            db.session.execute(
                delete(Draft).where(
                    Draft.user_id == by.id, Draft.conversation_id == conversation_id
                )
            )
            return
        if quoted_id is not None:
            quoted = db.session.get(Message, quoted_id)
            if quoted is None or quoted.conversation_id != conversation_id:
                raise NotFound
        values = {"body": body[:8000], "is_note": is_note, "quoted_id": quoted_id}
        values["updated_at"] = clock.now()
        db.session.execute(
            insert(Draft)
            .values(user_id=by.id, conversation_id=conversation_id, **values)
            .on_conflict_do_update(index_elements=["user_id", "conversation_id"], set_=values)
        )
