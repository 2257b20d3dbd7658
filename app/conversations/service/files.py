"""Files that leave: one message for each, in the order chosen, under the same rules as texts."""

from collections.abc import Sequence
from dataclasses import replace

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models import User
from app.conversations.models import Conversation, Message
from app.conversations.service import answers
from app.conversations.service.authors import Author, check_may_send
from app.conversations.service.hooks import on_written
from app.conversations.service.replies import (
    MAX_LENGTH,
    add_note,
    earlier_of,
    queue,
    reply,
    written,
)
from app.conversations.service.writing import NOTHING, Extras
from app.conversations.threads import append, locked
from app.errors import GuicheError
from app.extensions import db
from app.media import sending
from app.media import service as media
from app.media.models import Attachment
from app.transactions import atomic

MOST_FILES = 10  # of one act of sending
MOST_CAPTION = 1024


def send_files(
    conversation_id: int,
    author: Author,
    attachment_ids: Sequence[int],
    text: str,
    client_key: str | None = None,
    extras: Extras = NOTHING,
) -> list[Message]:
    """Send a person's uploads to the customer, and the text with them.

    One file that can carry words takes the text as its caption; otherwise the text follows the
    files, so that it comments what the customer has just seen. The same `client_key` again gives
    the same messages back. Raises Conflict, NotFound, and GuicheError for a file that WhatsApp does
    not take.
    """
    said = _checked(attachment_ids, text)
    with atomic():
        conversation = locked(conversation_id)
        known = _known(conversation, client_key, len(attachment_ids))
        if known:
            return known
        check_may_send(conversation, author)
        files = _files(attachment_ids)
        caption = said if len(files) == 1 and sending.takes_words(files[0]) else ""
        if len(caption) > MOST_CAPTION:
            caption = ""
        messages = []
        for place, attachment in enumerate(files):
            sending.check(attachment)
            first = extras if place == 0 else replace(NOTHING, hold_seconds=extras.hold_seconds)
            message = written(conversation, author, caption, _key(client_key, place), first)
            message.kind = attachment.kind
            messages.append(_hung(conversation, message, attachment, author.user))
            answers.note(conversation, message)
            queue(conversation, message, extras.hold_seconds)
        conversation.waiting_since = None
        if said and not caption:
            rest = replace(extras, quoted_id=None)
            messages.append(
                reply(conversation_id, author, said, _key(client_key, len(files)), extras=rest)
            )
        elif caption:
            for hook in on_written:
                hook(conversation, messages[0])
    return messages


def send_kept(conversation_id: int, author: Author, attachment_id: int, client_key: str) -> Message:
    """Send a file that the product itself made (`media.keep` without an owner), in the transaction
    under way of a locked conversation. The same `client_key` again gives the same message back."""
    with atomic():
        conversation = locked(conversation_id)
        earlier = earlier_of(conversation, client_key)
        if earlier is not None:
            return earlier
        check_may_send(conversation, author)
        message = written(conversation, author, "", client_key, NOTHING)
        message.kind = "document"
        append(conversation, message)
        media.hang_ours(attachment_id, message.id)
        db.session.flush()
        db.session.expire(message, ["attachments"])
        answers.note(conversation, message)
        queue(conversation, message, 0)
        conversation.waiting_since = None
    return message


def note_files(
    conversation_id: int,
    by: User,
    attachment_ids: Sequence[int],
    text: str,
    client_key: str | None = None,
    extras: Extras = NOTHING,
) -> list[Message]:
    """Keep uploads in the thread for the team alone, and the text as a note behind them."""
    said = _checked(attachment_ids, text)
    with atomic():
        conversation = locked(conversation_id)
        known = _known(conversation, client_key, len(attachment_ids))
        if known:
            return known
        messages = []
        for place, attachment in enumerate(_files(attachment_ids)):
            note = Message(
                direction="note",
                author_kind="user",
                author_id=by.id,
                author=by,
                kind=attachment.kind,
                client_key=_key(client_key, place),
            )
            messages.append(_hung(conversation, note, attachment, by))
        if said:
            key = _key(client_key, len(messages))
            messages.append(add_note(conversation_id, by, said, key, extras))
    return messages


def _checked(attachment_ids: Sequence[int], text: str) -> str:
    if len(set(attachment_ids)) != len(attachment_ids) or len(attachment_ids) > MOST_FILES:
        raise GuicheError(_("Envie até %(most)s arquivos por vez.", most=MOST_FILES), status=422)
    said = text.replace("\x00", "").strip()
    if len(said) > MAX_LENGTH:
        raise GuicheError(
            _("A mensagem tem %(n)s caracteres; o limite é %(max)s.", n=len(said), max=MAX_LENGTH),
            status=422,
        )
    return said


def _key(client_key: str | None, place: int) -> str | None:
    """The browser's key for the first of them; the others take it with their number."""
    return client_key if client_key is None or place == 0 else f"{client_key}-{place}"


def _known(conversation: Conversation, client_key: str | None, count: int) -> list[Message]:
    found = [earlier_of(conversation, _key(client_key, place)) for place in range(count + 1)]
    return [message for message in found if message is not None] if found[0] else []


def _files(attachment_ids: Sequence[int]) -> list[Attachment]:
    found = db.session.scalars(select(Attachment).where(Attachment.id.in_(attachment_ids))).all()
    by_id = {attachment.id: attachment for attachment in found}
    return [by_id[one] for one in attachment_ids if one in by_id]


def _hung(
    conversation: Conversation, message: Message, attachment: Attachment, by: User | None
) -> Message:
    """The message in the thread with its file; raises NotFound when the file is not theirs."""
    append(conversation, message)
    if by is not None:
        media.hang([attachment.id], by, message_id=message.id)
    db.session.flush()
    db.session.expire(message, ["attachments"])
    return message
