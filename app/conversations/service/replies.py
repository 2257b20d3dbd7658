"""What the company writes: replies through the outbox, private notes, and sending again."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app import clock
from app.accounts.models import User
from app.conversations import outbox, settling
from app.conversations.models import Conversation, Message, OutboxEntry
from app.conversations.service import answers
from app.conversations.service.authors import Author, check_may_send
from app.conversations.service.hooks import on_written
from app.conversations.service.mentions import mention
from app.conversations.service.writing import NOTHING, Extras, payload_of
from app.conversations.threads import append, locked, touch_message
from app.errors import Conflict, GuicheError, NotFound
from app.extensions import db
from app.logs import request_id
from app.transactions import atomic, on_commit

MAX_LENGTH = 4096  # WhatsApp refuses longer texts


def reply(
    conversation_id: int,
    author: Author,
    body: str,
    client_key: str | None = None,
    answers_id: int | None = None,
    extras: Extras = NOTHING,
) -> Message:
    """Write to the customer; the message is queued with its outbox row and leaves after the commit,
    or once it has been held as long as the extras say.

    Saying the same `client_key` again gives the first message back. Raises Conflict when the author
    does not own the conversation, GuicheError on an empty or too long text.
    """
    text = checked_text(body)
    with atomic():
        conversation = locked(conversation_id)
        earlier = earlier_of(conversation, client_key)
        if earlier is not None:
            return earlier
        check_may_send(conversation, author)
        message = written(conversation, author, text, client_key, extras)
        message.answers_id = answers_id
        append(conversation, message)
        queue(conversation, message, extras.hold_seconds)
        conversation.waiting_since = None
        answers.note(conversation, message)
        for hook in on_written:
            hook(conversation, message)
    return message


def written(
    conversation: Conversation, author: Author, text: str, client_key: str | None, extras: Extras
) -> Message:
    """A message to the customer as it stands before it is in the thread."""
    return Message(
        direction="out",
        author_kind=author.kind,
        author_id=author.user.id if author.user else None,
        author=author.user,
        body=text,
        payload=_payload(conversation, author, extras),
        client_key=client_key,
        status="queued",
        held_until=_held_until(extras),
    )


def say(conversation: Conversation, text: str, rule: str = "confirmation") -> Message:
    """What the system itself tells the customer of a locked conversation, whoever owns it.

    For the closed list of such messages (`SYSTEM_MAY`): never for what a person or the bot would
    say.
    """
    author = Author(rule=rule, owner_version=conversation.owner_version)
    message = append(
        conversation,
        Message(
            direction="out",
            author_kind=author.kind,
            body=checked_text(text),
            payload=_payload(conversation, author, NOTHING),
            status="queued",
        ),
    )
    queue(conversation, message, 0)
    return message


def _payload(conversation: Conversation, author: Author, extras: Extras) -> dict[str, Any] | None:
    payload = payload_of(conversation, extras, leaves=True)
    return (payload or {}) | {"rule": author.rule} if author.rule else payload


def _held_until(extras: Extras) -> datetime | None:
    if extras.hold_seconds <= 0:
        return None
    return clock.now() + timedelta(seconds=extras.hold_seconds)


def add_note(
    conversation_id: int,
    by: User,
    body: str,
    client_key: str | None = None,
    extras: Extras = NOTHING,
) -> Message:
    """A private note: seen by staff only, allowed whoever owns the conversation."""
    text = checked_text(body)
    with atomic():
        conversation = locked(conversation_id)
        earlier = earlier_of(conversation, client_key)
        if earlier is not None:
            return earlier
        note = append(
            conversation,
            Message(
                direction="note",
                author_kind="user",
                author_id=by.id,
                author=by,
                body=text,
                payload=payload_of(conversation, extras, leaves=False),
                client_key=client_key,
            ),
        )
        mention(conversation, note, extras.mentions)
        for hook in on_written:
            hook(conversation, note)
    return note


def resend(message_id: int, by: User) -> Message:
    """A person sends again what failed or is uncertain; the same message, not a copy."""
    found = db.session.get(Message, message_id)
    if found is None:
        raise NotFound
    with atomic():
        conversation = locked(found.conversation_id)
        check_may_send(conversation, Author(user=by))
        entry = db.session.scalars(
            select(OutboxEntry).where(OutboxEntry.message_id == message_id).with_for_update()
        ).one_or_none()
        message = db.session.get_one(Message, message_id, populate_existing=True)
        if entry is None or message.status not in {"failed", "uncertain"}:
            raise Conflict(_("Esta mensagem já foi enviada ou está saindo."))
        entry.state = "queued"
        entry.attempts = 0
        entry.next_try_at = clock.now()
        entry.request_id = request_id()
        message.status = "queued"
        message.error = None
        if message.author_kind == "bot":
            message.author_id = by.id  # a person stands behind it now
        touch_message(conversation, message)
        settling.tell_trouble_over(conversation, message)
        on_commit(partial(outbox.wake, conversation.channel_id))
    return message


def checked_text(body: str) -> str:
    """A text as it can be sent; raises GuicheError when it is empty or too long."""
    text = body.replace("\x00", "").strip()
    if not text:
        raise GuicheError(_("Escreva uma mensagem antes de enviar."), status=422)
    if len(text) > MAX_LENGTH:
        raise GuicheError(
            _("A mensagem tem %(n)s caracteres; o limite é %(max)s.", n=len(text), max=MAX_LENGTH),
            status=422,
        )
    return text


def earlier_of(conversation: Conversation, client_key: str | None) -> Message | None:
    """What was written here under the same key of the browser."""
    if client_key is None:
        return None
    return db.session.scalars(
        select(Message).where(
            Message.conversation_id == conversation.id, Message.client_key == client_key
        )
    ).one_or_none()


def queue(conversation: Conversation, message: Message, hold_seconds: float) -> None:
    """Let a message that is in the thread leave, once it has been held as long as that."""
    now = clock.now()
    db.session.add(
        OutboxEntry(
            message_id=message.id,
            conversation_id=conversation.id,
            channel_id=conversation.channel_id,
            next_try_at=message.held_until or now,
            waiting_before=conversation.waiting_since,
            created_at=now,
            request_id=request_id(),
        )
    )
    on_commit(partial(outbox.wake, conversation.channel_id, hold_seconds))
