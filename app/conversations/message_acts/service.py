"""Reacting, editing and deleting for everyone: by the conversation's owner, through a worker.

What has not left yet is simply changed or withdrawn; for all else a row is committed that the
channel's sender does at the provider, and the thread says how that went.
"""

import unicodedata
from datetime import timedelta
from functools import partial

from flask_babel import gettext as _
from sqlalchemy import select

from app import clock
from app.accounts.models import User
from app.conversations import outbox
from app.conversations.message_acts import limits, sending, settling
from app.conversations.message_acts.models import DELETION, EDIT, REACTION, UNDONE
from app.conversations.message_acts.models import MessageAct as Act
from app.conversations.models import Conversation, Message, OutboxEntry
from app.conversations.service.authors import Author, check_may_send, who_owns
from app.conversations.service.ownership import check_open, check_version
from app.conversations.service.replies import checked_text
from app.conversations.service.taking_back import withdraw
from app.conversations.threads import locked, touch_message
from app.errors import Conflict, GuicheError, NotFound
from app.extensions import db
from app.logs import request_id
from app.transactions import atomic, on_commit

LONGEST_EMOJI = 16  # code points: families and flags are several


def react(
    conversation_id: int, message_id: int, by: User, owner_version: int, emoji: str
) -> Message:
    """Set our reaction under a customer's message, or take it away with an empty `emoji`.

    Raises Conflict unless `by` owns the conversation as they saw it.
    """
    if emoji and not is_emoji(emoji):
        raise GuicheError(_("Escolha um emoji para reagir."), status=422)
    with atomic():
        conversation, message = _found(conversation_id, message_id, by, owner_version)
        if not limits.takes_reaction(message):
            raise Conflict(_("Não dá para reagir a esta mensagem."))
        if emoji:
            check_may_send(conversation, Author(user=by))
        present = ((message.payload or {}).get("reactions") or {}).get(settling.OURS, "")
        if not _is_under_way(message, REACTION) and present == emoji:
            sending.cancel_queued(message, (REACTION,))
            settling.show_no_more(conversation, message, REACTION)
        else:
            _queue(conversation, message, by, REACTION, emoji)
    return message


def edit(conversation_id: int, message_id: int, by: User, owner_version: int, text: str) -> Message:
    """Replace the text of what `by` sent. Raises Conflict, or GuicheError for a bad text."""
    wanted = checked_text(text)
    with atomic():
        conversation, message = _found(conversation_id, message_id, by, owner_version)
        if message.author_kind != "user" or message.author_id != by.id:
            raise Conflict(_("Só quem escreveu a mensagem pode editá-la."))
        if limits.editable_until(message) is None:
            raise Conflict(_("Esta mensagem não pode ser editada."))
        check_may_send(conversation, Author(user=by))
        if _unsent(message) is not None:
            message.body = wanted
            touch_message(conversation, message)
            return message
        _check_in_time(message, EDIT)
        if message.body == wanted and not _is_under_way(message, EDIT):
            sending.cancel_queued(message, (EDIT,))
            settling.show_no_more(conversation, message, EDIT)
        else:
            _queue(conversation, message, by, EDIT, wanted)
    return message


def delete(
    conversation_id: int, message_id: int, by: User, owner_version: int, hold_seconds: float = 0
) -> Message:
    """Delete for everyone what the company sent, unless it is taken back for as long as it is held.

    Raises Conflict.
    """
    with atomic():
        conversation, message = _found(conversation_id, message_id, by, owner_version)
        if limits.deletable_until(message) is None:
            raise Conflict(_("Esta mensagem não pode ser apagada."))
        entry = _unsent(message)
        if entry is not None:
            withdraw(conversation, message, entry)
            return message
        _check_in_time(message, DELETION)
        if not _is_under_way(message, DELETION):
            sending.cancel_queued(message, (EDIT,))
            settling.show_no_more(conversation, message, EDIT)
            _queue(conversation, message, by, DELETION, "", hold_seconds)
    return message


def again(conversation_id: int, act_id: int, by: User, owner_version: int) -> Message:
    """A person tries again what failed, or what nobody knows of."""
    with atomic():
        conversation, act, message = _open(conversation_id, act_id, by, owner_version)
        if act.state not in UNDONE:
            raise Conflict(_("Isto já foi feito ou está sendo feito."))
        if act.kind != DELETION:
            check_may_send(conversation, Author(user=by))
        _check_in_time(message, act.kind)
        _queue(conversation, message, by, act.kind, act.body)
    return message


def give_up(conversation_id: int, act_id: int, by: User, owner_version: int) -> Message:
    """A person wants it no more: the message stands as the customer has it."""
    with atomic():
        conversation, act, message = _open(conversation_id, act_id, by, owner_version)
        if act.state not in UNDONE and (act.state != "queued" or act.attempts):
            raise Conflict(_("Tarde demais: já foi feito."))
        act.state = "cancelled"
        settling.show(conversation, message, act)
    return message


def redrive() -> None:
    """Settle what a dead worker left half done, and wake the senders of what waits."""
    interrupted = sending.expired()
    db.session.rollback()
    for act_id in interrupted:
        settling.interrupted(act_id)
    for channel_id in sending.channels_with_work():
        outbox.wake(channel_id)


def is_emoji(text: str) -> bool:
    """One emoji: symbols and what joins or tints them, never words."""
    if not text or len(text) > LONGEST_EMOJI:
        return False
    is_keycap = text.endswith("\u20e3") and text[0] in "0123456789#*"
    rest = text[1:] if is_keycap else text
    return all(ord(one) > 0xA8 and unicodedata.category(one)[0] in "SMCP" for one in rest)


def _found(
    conversation_id: int, message_id: int, by: User, owner_version: int
) -> tuple[Conversation, Message]:
    """A message of a locked conversation that is this person's at this moment."""
    conversation = locked(conversation_id)
    message = db.session.get(Message, message_id, populate_existing=True)
    if message is None or message.conversation_id != conversation.id:
        raise NotFound
    check_version(conversation, owner_version)
    check_open(conversation)
    if conversation.owner_id != by.id:
        raise Conflict(who_owns(conversation) + " " + _("Assuma a conversa antes."))
    return conversation, message


def _open(
    conversation_id: int, act_id: int, by: User, owner_version: int
) -> tuple[Conversation, Act, Message]:
    found = db.session.get(Act, act_id)
    if found is None or found.conversation_id != conversation_id:
        raise NotFound
    conversation, message = _found(conversation_id, found.message_id, by, owner_version)
    act = db.session.get_one(Act, act_id, with_for_update={"of": Act}, populate_existing=True)
    return conversation, act, message


def _unsent(message: Message) -> OutboxEntry | None:
    """The outbox row of what no worker has begun to send; raises Conflict while it is on its way.

    The sender locks the same rows, so of the two one wins.
    """
    if message.provider_id:
        return None
    entry = db.session.scalars(
        select(OutboxEntry).where(OutboxEntry.message_id == message.id).with_for_update()
    ).one_or_none()
    if entry is None or entry.state != "queued" or entry.attempts:
        raise Conflict(_("A mensagem está saindo. Espere um instante e tente de novo."))
    return entry


def _check_in_time(message: Message, kind: str) -> None:
    late = limits.too_late(message, kind)
    if late is not None:
        raise Conflict(late)


def _is_under_way(message: Message, kind: str) -> bool:
    query = select(Act.id).where(Act.message_id == message.id, Act.kind == kind)
    return db.session.scalar(query.where(Act.state == "sending").limit(1)) is not None


def _queue(
    conversation: Conversation,
    message: Message,
    by: User,
    kind: str,
    body: str,
    hold_seconds: float = 0,
) -> None:
    """Write down what is to be done, in place of what was wanted before and not begun."""
    sending.cancel_queued(message, (kind,))
    now = clock.now()
    act = Act(
        message_id=message.id,
        conversation_id=conversation.id,
        channel_id=conversation.channel_id,
        by_id=by.id,
        by=by,
        kind=kind,
        body=body,
        state="queued",
        attempts=0,
        next_try_at=now + timedelta(seconds=hold_seconds),
        created_at=now,
        request_id=request_id(),
    )
    db.session.add(act)
    db.session.flush()
    settling.show(conversation, message, act)
    on_commit(partial(outbox.wake, conversation.channel_id, hold_seconds))
