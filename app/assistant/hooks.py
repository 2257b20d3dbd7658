"""How the bot hears of customers' messages."""

from functools import partial

from flask import Flask
from sqlalchemy.dialects.postgresql import insert

from app import clock
from app.assistant.models import BotState
from app.conversations.models import Conversation, Message
from app.conversations.service import on_inbound
from app.extensions import db
from app.queueing import enqueue
from app.transactions import on_commit


def init_app(app: Flask) -> None:
    """Listen to customers' messages."""
    if note_question not in on_inbound:
        on_inbound.append(note_question)


def note_question(conversation: Conversation, message: Message) -> None:
    """In the transaction of the message: the bot owes an answer, if it owns the conversation."""
    if conversation.owner_kind != "bot" or (message.payload or {}).get("placeholder"):
        return
    values = {"asked_id": message.id, "asked_at": clock.now()}
    db.session.execute(
        insert(BotState)
        .values(conversation_id=conversation.id, **values)
        .on_conflict_do_update(index_elements=["conversation_id"], set_=values)
    )
    on_commit(partial(enqueue, "jobs.assistant.answer", conversation.id, queue="assistant"))
