"""Hearing what customers answer: to an offer, and to the identity check.

A message is only noted in its webhook's transaction; a worker settles it. Nothing that came by an
address without a secret identifies anybody or accepts anything.
"""

from datetime import timedelta
from functools import partial

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import joinedload

from app import clock
from app.conversations import service as desk
from app.conversations.models import Conversation, Message
from app.conversations.service import is_about_consent
from app.debts.agreements import answering, answers, identity
from app.debts.agreements.models import DebtTalk, HeardAnswer
from app.debts.simulations.models import DebtOffer
from app.errors import NotFound
from app.extensions import current_settings, db
from app.queueing import enqueue
from app.transactions import atomic, on_commit

READABLE = {"text", "buttons", "list"}
LEASE = timedelta(minutes=1)
MOST_TRIES = 5


def note(conversation: Conversation, message: Message) -> None:
    """In the transaction of the message: what may be an answer is kept for a worker.

    Most messages are none, which costs no query.
    """
    if message.kind not in READABLE or is_about_consent(message):
        return
    if (message.payload or {}).get("placeholder"):
        return
    said = answers.read(message.body)
    proves = identity.read(message.body) or identity.is_not_me(message.body)
    if said is None and not proves:
        return
    asked, offer_id = _waiting_for(conversation.id)
    if not ((said and offer_id) or (proves and asked)):
        return
    db.session.execute(
        insert(HeardAnswer)
        .values(
            message_id=message.id, conversation_id=conversation.id, offer_id=offer_id,
            heard_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["message_id"])
    )  # fmt: skip
    message.payload = (message.payload or {}) | {"debts": True}
    db.session.execute(
        update(Message).where(Message.id == message.id).values(payload=message.payload)
    )
    on_commit(partial(_wake, message.id))


def is_taken(message: Message) -> bool:
    """Whether a message was kept as an answer, so that the bot leaves it alone."""
    return bool((message.payload or {}).get("debts"))


def _waiting_for(conversation_id: int) -> tuple[bool, int | None]:
    """Whether the identity was asked for here, and the offer that could be answered."""
    asked = select(DebtTalk.step).where(DebtTalk.conversation_id == conversation_id)
    offer = (
        select(DebtOffer.id)
        .where(
            DebtOffer.conversation_id == conversation_id,
            or_(DebtOffer.state == "sent", DebtOffer.state == "accepted"),
        )
        .order_by(DebtOffer.id.desc())
        .limit(1)
    )
    row = db.session.execute(select(asked.scalar_subquery(), offer.scalar_subquery())).one()
    return row[0] == answering.IDENTITY, row[1]


def settle(message_id: int) -> None:
    """A worker's turn: do what the answer asks for, once."""
    if not _begin(message_id):
        return
    message = db.session.get_one(Message, message_id, populate_existing=True)
    conversation = db.session.scalars(
        select(Conversation)
        .where(Conversation.id == message.conversation_id)
        .options(joinedload(Conversation.contact))
        .execution_options(populate_existing=True)
    ).one()
    heard = db.session.get_one(HeardAnswer, message_id)
    outcome = answering.answer(conversation, message, heard.offer_id)
    with atomic():
        db.session.execute(
            update(HeardAnswer)
            .where(HeardAnswer.message_id == message_id)
            .values(state="settled", outcome=outcome, lease_until=None)
        )


def _begin(message_id: int) -> bool:
    now = clock.now()
    with atomic():
        heard = db.session.get(
            HeardAnswer, message_id, with_for_update=True, populate_existing=True
        )
        if heard is None:
            raise NotFound
        if heard.state != "waiting" or (heard.lease_until and heard.lease_until > now):
            return False
        heard.attempts += 1
        if heard.attempts > MOST_TRIES:
            heard.state, heard.outcome = "failed", "worker"
            conversation = desk.locked(heard.conversation_id)
            answering.leave_to_people(conversation, answering.NOT_SETTLED)
            return False
        heard.lease_until = now + LEASE
    return True


def redrive() -> None:
    """Wake workers for answers that a lost job or a dead worker left."""
    now = clock.now()
    patience = timedelta(seconds=current_settings().sweep_after_seconds)
    waiting = select(HeardAnswer.message_id).where(
        HeardAnswer.state == "waiting",
        HeardAnswer.heard_at < now - patience,
        or_(HeardAnswer.lease_until.is_(None), HeardAnswer.lease_until < now),
    )
    for message_id in db.session.scalars(waiting.order_by(HeardAnswer.heard_at).limit(200)).all():
        _wake(message_id)


def _wake(message_id: int) -> None:
    enqueue("jobs.live.settle_debt_answer", message_id, queue="live")
