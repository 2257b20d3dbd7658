"""How the bot hears of customers' messages."""

from functools import partial

from flask import Flask
from sqlalchemy import BigInteger, bindparam, func
from sqlalchemy.dialects.postgresql import array, insert

from app import clock, rows
from app.assistant.models import BotState
from app.conversations.models import Conversation, Message
from app.conversations.service import is_about_consent, on_inbound
from app.debts.agreements.hearing import is_taken
from app.queueing import enqueue
from app.transactions import on_commit

# With every customer's message that the bot is to answer: built once.
_MESSAGE = bindparam("message_id", type_=BigInteger())
_OWE = (
    insert(BotState)
    .values(conversation_id=bindparam("id"), owed_ids=array([_MESSAGE]), asked_at=bindparam("now"))
    .on_conflict_do_update(
        index_elements=["conversation_id"],
        set_={
            "owed_ids": func.array_append(BotState.owed_ids, _MESSAGE),
            "asked_at": bindparam("now"),
        },
    )
)


def init_app(app: Flask) -> None:
    """Listen to customers' messages."""
    if note_question not in on_inbound:
        on_inbound.append(note_question)


def note_question(conversation: Conversation, message: Message) -> None:
    """In the transaction of the message: the bot owes an answer, if it owns the conversation.

    A placeholder is owed once its full copy came, however many messages were answered meanwhile.
    """
    if conversation.owner_kind != "bot" or (message.payload or {}).get("placeholder"):
        return
    if is_about_consent(message) or is_taken(message):
        return
    given = {"id": conversation.id, "message_id": message.id, "now": clock.now()}
    rows.execute(_OWE, given)
    on_commit(partial(enqueue, "jobs.assistant.answer", conversation.id, queue="assistant"))
