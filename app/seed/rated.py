"""What customers of the demo answered when they were asked how it was."""

from datetime import timedelta

from sqlalchemy import Select, select, update

from app import clock
from app.accounts.models import User
from app.channels.models import Channel
from app.company import service as company
from app.contacts import service as contacts
from app.contacts.models import Contact, ContactIdentity
from app.conversations import service
from app.conversations.models import Conversation, Message, OutboxEntry
from app.extensions import current_settings, db
from app.integrations.base import InboundMessage
from app.surveys import service as surveys
from app.surveys import settings
from app.surveys.models import Survey

# In the order of the closings; None: no answer. What stands behind the score is a comment.
ANSWERS = (
    ("5", "Atendimento rápido e muito educado."),
    ("4", ""),
    None,
    ("5", ""),
    ("⭐⭐⭐⭐⭐", "Resolveram tudo no mesmo dia, parabéns!"),
    ("3", "Demorou mais do que eu esperava."),
    None,
    ("ótimo", ""),
    ("5", "Explicaram tudo com muita paciência."),
    ("2", "Tive de repetir o problema para duas pessoas."),
    ("4", ""),
    None,
    ("5", ""),
    ("1", "O vazamento continua, ninguém voltou na data combinada."),
    ("5", ""),
    ("4", "Bom, só o site que é confuso."),
)


def turn_on(manager: User) -> None:
    """The demo asks its customers."""
    present = {
        name: str(value) for name, value in company.present(settings.SECTION).items() if value
    }
    company.change(manager, settings.SECTION.key, present | {settings.ENABLED.key: "1"})


def rate(channel: Channel) -> None:
    """Live the answers through again, each some minutes after its conversation was closed."""
    closed = db.session.scalars(
        select(Conversation)
        .where(Conversation.status == "closed", Conversation.closed_at.is_not(None))
        .order_by(Conversation.closed_at, Conversation.id)
    ).all()
    real = timedelta(seconds=current_settings().clock_shift_seconds)
    try:
        for number, conversation in enumerate(closed):
            assert conversation.closed_at is not None  # noqa: S101 - so they were found
            clock.shift(real)
            ago = clock.now() - conversation.closed_at
            clock.shift(real - ago)
            surveys.plan(service.locked(conversation.id))
            clock.shift(real - ago + timedelta(minutes=2))
            for survey_id in db.session.scalars(_planned(conversation.id)).all():
                surveys.ask(survey_id)
            given = ANSWERS[number % len(ANSWERS)]
            if given is not None and _was_asked(conversation.id):
                _answer(channel, conversation.id, number, given, real - ago)
            arrived(conversation.id)
    finally:
        clock.shift(real)


def _planned(conversation_id: int) -> Select[int]:
    return select(Survey.id).where(
        Survey.conversation_id == conversation_id, Survey.state == "waiting"
    )


def _was_asked(conversation_id: int) -> bool:
    query = select(Survey.id).where(
        Survey.conversation_id == conversation_id, Survey.state == "asked"
    )
    return db.session.scalar(query) is not None


def _answer(
    channel: Channel, conversation_id: int, number: int, given: tuple[str, str], shift: timedelta
) -> None:
    for place, text in enumerate(part for part in given if part):
        clock.shift(shift + timedelta(minutes=3 + place))
        contact = _contact_of(channel, conversation_id)
        inbound = InboundMessage(
            provider_id=f"EXEMPLO-NOTA-{number}-{place}",
            address=None,  # type: ignore[arg-type]  # the contact is known already
            kind="text",
            body=text,
            provider_at=clock.now(),
        )
        service.receive(channel, contact, inbound)


def _contact_of(channel: Channel, conversation_id: int) -> Contact:
    contact_id = db.session.get_one(Conversation, conversation_id).contact_id
    phone = db.session.scalars(
        select(ContactIdentity.value).where(
            ContactIdentity.contact_id == contact_id, ContactIdentity.kind == "phone"
        )
    ).first()
    return contacts.resolve(channel.id, phone, None, None)


def arrived(conversation_id: int) -> None:
    """Nothing of it is sent: it is as if it had been read."""
    db.session.flush()
    db.session.execute(
        update(OutboxEntry)
        .where(OutboxEntry.conversation_id == conversation_id, OutboxEntry.state == "queued")
        .values(state="done")
    )
    for message in db.session.scalars(
        select(Message).where(
            Message.conversation_id == conversation_id, Message.status == "queued"
        )
    ):
        message.status, message.provider_id = "read", f"EXEMPLO-OUT-{message.id}"
    conversation = db.session.get_one(Conversation, conversation_id)
    if conversation.last_message_status is not None:
        conversation.last_message_status = "read"
