"""Living a talk of the demo through again, by the product's own services."""

from datetime import timedelta

from sqlalchemy import select, update

from app import clock
from app.accounts.models import User
from app.assistant.models import BotState
from app.assistant.service import compose
from app.channels.models import Channel
from app.contacts import service as contacts
from app.contacts.models import Contact, ContactNote
from app.conversations import service
from app.conversations.models import Conversation, Message, OutboxEntry
from app.conversations.service import Author
from app.extensions import db
from app.integrations.base import InboundMessage
from app.seed.carried import hang_file, payload_of
from app.seed.furnishing import Furniture, describe
from app.seed.talks import Talk

_TROUBLE = {
    "failed": "O WhatsApp não entregou: este número não existe.",
    "uncertain": "O envio foi interrompido e não sabemos se saiu.",
}


def tell(
    talk: Talk,
    channel: Channel,
    staff: dict[str, User],
    reasons: dict[str, int] | None = None,
) -> int:
    """Live the talk through again, with the clock where it was; the conversation's id."""
    conversation_id = 0
    for number, (minutes, who, text) in enumerate(talk.steps):
        clock.shift(-timedelta(minutes=minutes))
        if who == "customer":
            conversation_id = _customer(talk, channel, number, text)
        elif who == "bot":
            _bot(conversation_id)
        else:
            reason = (reasons or {}).get(talk.reason or "Resolvido")
            _staff(conversation_id, who, text, staff, reason)
    _settle(talk, conversation_id)
    return conversation_id


def mark(talk: Talk, conversation_id: int, by: User, furniture: Furniture) -> None:
    """Label it, say how urgent it is, and fill in what is known of the contact."""
    if talk.label:
        service.relabel(conversation_id, by, [furniture.labels[talk.label]], [])
    if talk.priority:
        service.prioritise(conversation_id, by, talk.priority)
    contact_id = db.session.get_one(Conversation, conversation_id).contact_id
    describe(db.session.get_one(Contact, contact_id), talk.known, furniture.fields)
    if talk.snoozed:
        version = service.locked(conversation_id).owner_version
        until = clock.now() + timedelta(hours=talk.snoozed) if talk.snoozed > 0 else None
        service.snooze(conversation_id, by, until, version)


def _customer(talk: Talk, channel: Channel, number: int, text: str) -> int:
    contact = contacts.resolve(channel.id, talk.phone, None, talk.name)
    if number == 0:
        _describe(talk, contact)
    kind = talk.kinds.get(number, "text")
    inbound = InboundMessage(
        provider_id=f"EXEMPLO-{talk.phone[-5:]}-{number}",
        address=None,  # type: ignore[arg-type]  # the contact is known already
        kind=kind,
        body=text,
        payload=payload_of(kind),
        provider_at=clock.now(),
    )
    message = service.receive(channel, contact, inbound)
    assert message is not None  # noqa: S101 - the ids above are new
    channel.last_inbound_at = max(channel.last_inbound_at or clock.now(), clock.now())
    hang_file(kind, message.id, int(talk.phone[-3:]) + number)
    return message.conversation_id


def _describe(talk: Talk, contact: Contact) -> None:
    contact.cpf, contact.email, contact.language = talk.cpf, talk.email, talk.language
    if talk.about:
        author = db.session.scalars(select(User).where(User.email.like("gestor@%"))).one()
        db.session.add(
            ContactNote(
                contact_id=contact.id, author_id=author.id, body=talk.about, created_at=clock.now()
            )
        )


def _bot(conversation_id: int) -> None:
    conversation = service.locked(conversation_id)
    state = db.session.get_one(BotState, conversation_id, populate_existing=True)
    if conversation.owner_kind != "bot" or not state.owed_ids:
        return
    turn, _keep = compose(state, conversation)
    author = Author(owner_version=conversation.owner_version)
    service.reply(conversation_id, author, turn.text, answers_id=max(state.owed_ids))
    state.owed_ids, state.step = [], turn.step
    state.misunderstandings = turn.misunderstandings
    if turn.hand_over:
        service.hand_to_people(conversation, turn.hand_over)


def _staff(
    conversation_id: int, who: str, text: str, staff: dict[str, User], reason: int | None
) -> None:
    act, _, rest = who.partition(":")
    version = service.locked(conversation_id).owner_version
    if act == "take":
        service.take_over(conversation_id, staff[rest], version)
    elif act == "close":
        service.close(conversation_id, staff[rest], version, reason)
    elif act == "transfer":
        giver, _, taker = rest.partition(":")
        service.transfer(conversation_id, staff[giver], staff[taker], text, version)
    elif act == "note":
        service.add_note(conversation_id, staff[rest], text)
    else:
        service.mark_read(conversation_id, staff[act])
        service.reply(conversation_id, Author(user=staff[act]), text)


def _settle(talk: Talk, conversation_id: int) -> None:
    """What we said has arrived, but for the last of it; nothing is sent. The bot owes no answer."""
    db.session.flush()
    db.session.execute(
        update(OutboxEntry)
        .where(OutboxEntry.conversation_id == conversation_id)
        .values(state="done")
    )
    sent = (
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.direction == "out")
        .order_by(Message.id)
    )
    messages = db.session.scalars(sent).all()
    for message in messages:
        message.status, message.error = "read", None
        message.provider_id = f"EXEMPLO-OUT-{message.id}"
    for message in messages[-1:]:
        message.status, message.error = talk.outcome, _TROUBLE.get(talk.outcome)
    conversation = db.session.get_one(Conversation, conversation_id)
    if conversation.last_message_status is not None:
        conversation.last_message_status = talk.outcome
    db.session.execute(
        update(BotState).where(BotState.conversation_id == conversation_id).values(owed_ids=[])
    )
