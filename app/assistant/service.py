"""The bot's turn: compose an answer, and say it only if the bot still owns the conversation."""

from collections.abc import Callable
from datetime import timedelta

import structlog
from sqlalchemy import exists, select, text

from app import clock
from app.assistant import debts
from app.assistant.models import BotState
from app.assistant.rules import Turn, respond, weightiest
from app.business_time import WHOLE_DAY
from app.contacts.models import Contact
from app.conversations.models import Conversation, Message
from app.conversations.service import Author, locked, reply
from app.errors import Conflict
from app.extensions import current_settings, db
from app.forwarding.service import call_people
from app.hours.known import hours_of
from app.hours.wording import week_text
from app.queueing import enqueue
from app.transactions import atomic
from app.words import in_language

log = structlog.get_logger()

Keep = Callable[[], None]

OWING = text("owed_ids <> '{}'")  # as the index has it


def answer(conversation_id: int) -> None:
    """Answer what is owed here with one message, once however often this runs.

    The owner's version is read before composing and named when speaking, so a person who takes the
    conversation over in between silences the answer that was being written.
    """
    while not _is_settled(conversation_id):
        log.info("bot_overtaken", conversation_id=conversation_id)


def _is_settled(conversation_id: int) -> bool:
    """Answer what is owed; False when another worker answered part of it while this one wrote."""
    state = db.session.get(BotState, conversation_id, populate_existing=True)
    if state is None or not state.owed_ids:
        db.session.rollback()
        return True
    conversation = db.session.get_one(Conversation, conversation_id, populate_existing=True)
    owed, seen = list(state.owed_ids), conversation.owner_version
    turn, keep = compose(state, conversation)
    db.session.rollback()
    try:
        return _say(conversation_id, owed, seen, turn, keep)
    except Conflict:
        log.info("bot_silenced", conversation_id=conversation_id)
        _forget(conversation_id, owed)
    return True


def compose(state: BotState, conversation: Conversation) -> tuple[Turn, Keep]:
    """What the bot would say now to all it owes an answer to, in their language, and what it keeps
    in mind when it does; changes nothing of the conversation."""
    rows = db.session.execute(
        select(Message.kind, Message.body)
        .where(Message.id.in_(state.owed_ids))
        .order_by(Message.id)
    )
    said = [(kind, body) for kind, body in rows]
    contact = db.session.get_one(Contact, conversation.contact_id)
    with in_language(contact.language):
        found = debts.turn(state.step, conversation, contact, said)
        if found is not None:
            return found
        turn = respond(
            state.step,
            state.misunderstandings,
            *weightiest(said),
            contact.name,
            current_settings().company_name,
            _hours(conversation),
        )
        return turn, _nothing


def _nothing() -> None:
    """Most of what the bot says is not about debts."""


def _hours(conversation: Conversation) -> str:
    """The weekly hours in words; nothing where none were set."""
    calendar = hours_of(conversation.team_id, conversation.channel_id).calendar
    is_kept = calendar is not None and any(day != WHOLE_DAY for day in calendar.week)
    return week_text(calendar.week) if calendar is not None and is_kept else ""


def _say(conversation_id: int, owed: list[int], owner_version: int, turn: Turn, keep: Keep) -> bool:
    with atomic():
        conversation = locked(conversation_id)
        state = db.session.get_one(BotState, conversation_id, populate_existing=True)
        if not set(owed) <= set(state.owed_ids):
            return False
        if _is_answered(max(owed)):
            _settle(state, owed)
            return True
        reply(conversation_id, Author(owner_version=owner_version), turn.text, answers_id=max(owed))
        _settle(state, owed)
        state.step, state.misunderstandings = turn.step, turn.misunderstandings
        state.topic = turn.topic or state.topic
        keep()
        if turn.hand_over:
            call_people(conversation, turn.hand_over)
    return True


def _is_answered(message_id: int) -> bool:
    """An edit may come as a placeholder, and its full copy after the message was answered."""
    return db.session.scalar(select(exists().where(Message.answers_id == message_id))) is True


def _forget(conversation_id: int, owed: list[int]) -> None:
    """The question is for people now; were the bot given the talk back, it would not answer it."""
    with atomic():
        locked(conversation_id)
        state = db.session.get_one(BotState, conversation_id, populate_existing=True)
        _settle(state, owed)
        state.step, state.misunderstandings = "topic", 0


def _settle(state: BotState, owed: list[int]) -> None:
    """What came while the answer was written stays owed."""
    state.owed_ids = [message_id for message_id in state.owed_ids if message_id not in owed]


def redrive() -> None:
    """Wake the bot where it owes an answer for longer than a lost job explains."""
    patience = timedelta(seconds=current_settings().sweep_after_seconds)
    owing = db.session.scalars(
        select(BotState.conversation_id)
        .where(OWING, BotState.asked_at < clock.now() - patience)
        .order_by(BotState.asked_at)
        .limit(500)
    ).all()
    for conversation_id in owing:
        enqueue("jobs.assistant.answer", conversation_id, queue="assistant")
