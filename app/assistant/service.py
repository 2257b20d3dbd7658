"""The bot's turn: compose an answer, and say it only if the bot still owns the conversation."""

from datetime import timedelta

import structlog
from sqlalchemy import select

from app import clock
from app.assistant.models import BotState
from app.assistant.rules import Turn, respond
from app.contacts.models import Contact
from app.conversations.models import Conversation, Message
from app.conversations.service import Author, hand_to_people, locked, reply
from app.errors import Conflict
from app.extensions import current_settings, db
from app.queueing import enqueue
from app.transactions import atomic

log = structlog.get_logger()


def answer(conversation_id: int) -> None:
    """Answer the newest unanswered message, once however often this runs.

    The owner's version is read before composing and named when speaking, so a person who takes the
    conversation over in between silences the answer that was being written.
    """
    state = db.session.get(BotState, conversation_id, populate_existing=True)
    if state is None or state.asked_id <= state.answered_id:
        return
    conversation = db.session.get_one(Conversation, conversation_id, populate_existing=True)
    asked_id, seen = state.asked_id, conversation.owner_version
    turn = compose(state, conversation)
    db.session.rollback()
    try:
        _say(conversation_id, asked_id, seen, turn)
    except Conflict:
        log.info("bot_silenced", conversation_id=conversation_id)
        _forget(conversation_id, asked_id)


def compose(state: BotState, conversation: Conversation) -> Turn:
    """What the bot would say now; reads only."""
    question = db.session.get_one(Message, state.asked_id)
    contact = db.session.get_one(Contact, conversation.contact_id)
    return respond(
        state.step,
        state.misunderstandings,
        question.kind,
        question.body,
        contact.name,
        current_settings().company_name,
    )


def _say(conversation_id: int, asked_id: int, owner_version: int, turn: Turn) -> None:
    with atomic():
        conversation = locked(conversation_id)
        state = db.session.get_one(BotState, conversation_id, populate_existing=True)
        if state.answered_id >= asked_id:
            return
        reply(conversation_id, Author(owner_version=owner_version), turn.text, answers_id=asked_id)
        state.answered_id = asked_id
        state.step, state.misunderstandings = turn.step, turn.misunderstandings
        state.topic = turn.topic or state.topic
        if turn.hand_over:
            hand_to_people(conversation, turn.hand_over)


def _forget(conversation_id: int, asked_id: int) -> None:
    """The question is for people now; were the bot given the talk back, it would not answer it."""
    with atomic():
        locked(conversation_id)
        state = db.session.get_one(BotState, conversation_id, populate_existing=True)
        state.answered_id = max(state.answered_id, asked_id)
        state.step, state.misunderstandings = "topic", 0


def redrive() -> None:
    """Wake the bot where it owes an answer for longer than a lost job explains."""
    patience = timedelta(seconds=current_settings().sweep_after_seconds)
    owing = db.session.scalars(
        select(BotState.conversation_id)
        .where(BotState.asked_id > BotState.answered_id, BotState.asked_at < clock.now() - patience)
        .order_by(BotState.asked_at)
        .limit(500)
    ).all()
    for conversation_id in owing:
        enqueue("jobs.assistant.answer", conversation_id, queue="assistant")
