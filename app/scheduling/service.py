"""Scheduling a message, changing one's mind, and what the sweep does when its time has come."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from flask_babel import gettext as _
from sqlalchemy import BigInteger, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from app import clock, rows
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.contacts.consent.service import may_write_first
from app.conversations import service as conversations
from app.conversations.models import Conversation, Message
from app.conversations.service import Author, Extras, Heard, check_may_send, checked_text
from app.errors import Conflict, Forbidden, GuicheError, NotFound
from app.extensions import db
from app.scheduling import live
from app.scheduling.models import OPEN, ScheduledMessage, Timestamp
from app.transactions import atomic, on_commit
from app.words import N_

# After a stop a message this late would come at a wrong hour: a person decides.
LATE_AFTER = timedelta(minutes=30)
FARTHEST = timedelta(days=366)
# Called with a message that did not leave at its time; filled by create_app().
on_missed: list[Callable[[ScheduledMessage], None]] = []
AT_ONCE = 200  # the next sweep takes the rest

# With every customer's message: built once.
_scheduled = ScheduledMessage.metadata.tables[ScheduledMessage.__tablename__]
_answers = (
    func.unnest(
        bindparam("talks", type_=ARRAY(BigInteger)), bindparam("times", type_=ARRAY(Timestamp))
    )
    .table_valued("conversation_id", "at", name="answers")
    .render_derived()
)
_ANSWERED = (
    update(_scheduled)
    .where(
        _scheduled.c.conversation_id == _answers.c.conversation_id,
        _scheduled.c.state == "waiting",
        _scheduled.c.cancel_if_answered,
        _scheduled.c.created_at <= _answers.c.at,
    )
    .values(
        state="cancelled",
        reason=N_("O cliente respondeu antes."),
        settled_at=bindparam("now"),
        version=_scheduled.c.version + 1,
    )
    .returning(_scheduled.c.conversation_id)
)


def schedule(
    conversation_id: int,
    by: User,
    body: str,
    send_at: datetime,
    cancel_if_answered: bool = True,
    extras: Extras = Extras(),  # noqa: B008 - it cannot be changed
    client_key: str | None = None,
) -> ScheduledMessage:
    """Write a message that leaves at `send_at`. The same `client_key` again is the same message.

    Raises Conflict unless `by` owns the conversation, GuicheError for a bad text or time.
    """
    text, moment = checked_text(body), _checked_time(send_at)
    with atomic():
        conversation = conversations.locked(conversation_id)
        earlier = _earlier(client_key)
        if earlier is not None:
            return earlier
        check_may_send(conversation, Author(user=by))
        conversations.payload_of(conversation, extras, leaves=True)  # refuses a wrong quote now
        scheduled = ScheduledMessage(
            conversation_id=conversation.id,
            author_id=by.id,
            body=text,
            quoted_id=extras.quoted_id,
            quick_replies=list(extras.quick_replies),
            send_at=moment,
            cancel_if_answered=cancel_if_answered,
            state="waiting",
            client_key=client_key,
            created_at=clock.now(),
            version=1,
        )
        db.session.add(scheduled)
        on_commit(partial(live.changed, conversation.id))
    return scheduled


def edit(
    scheduled_id: int, by: User, body: str, send_at: datetime, cancel_if_answered: bool
) -> None:
    """Another text or time; who owns the conversation now is its author from then on."""
    text, moment = checked_text(body), _checked_time(send_at)
    with atomic():
        conversation, scheduled = _open(scheduled_id)
        check_may_send(conversation, Author(user=by))
        scheduled.body, scheduled.send_at = text, moment
        scheduled.cancel_if_answered, scheduled.author_id = cancel_if_answered, by.id
        scheduled.created_at = clock.now()  # only an answer from now on counts as one
        _settle(scheduled, "waiting")


def send_now(scheduled_id: int, by: User) -> Message:
    """Send it at once, as this person's; raises Conflict unless they own the conversation."""
    with atomic():
        scheduled = _open(scheduled_id)[1]
        return _send(scheduled, by)


def cancel(scheduled_id: int, by: User) -> None:
    """Never send it: its author, the conversation's owner or a manager decide so."""
    with atomic():
        conversation, scheduled = _open(scheduled_id)
        _check_may_cancel(conversation, scheduled, by)
        _settle(scheduled, "cancelled", _("Cancelada por %(name)s.", name=by.name))


def restore(scheduled_id: int, by: User) -> None:
    """Take back a cancellation; what is past its time by now waits for a person."""
    with atomic():
        conversation, scheduled = _locked(scheduled_id)
        _check_may_cancel(conversation, scheduled, by)
        if scheduled.state != "cancelled":
            return
        late = scheduled.send_at <= clock.now()
        reason = N_("A hora passou enquanto ela estava cancelada.") if late else None
        _settle(scheduled, "missed" if late else "waiting", reason)


def cancel_answered(heard: Sequence[Heard]) -> None:
    """The customers answered first; in the transaction that keeps their answers."""
    answers = [(talk.id, said.created_at) for talk, said in heard if said.kind != "reaction"]
    if not answers:
        return
    talks, times = zip(*answers, strict=True)
    given = {"talks": list(talks), "times": list(times), "now": clock.now()}
    for conversation_id in set(rows.execute(_ANSWERED, given).scalars()):
        on_commit(partial(live.changed, conversation_id))


def send_due() -> None:
    """Send what is due. Safe to run twice at once, and to be killed: see `_send_one`."""
    due = db.session.scalars(
        select(ScheduledMessage.id)
        .where(ScheduledMessage.state == "waiting", ScheduledMessage.send_at <= clock.now())
        .order_by(ScheduledMessage.send_at, ScheduledMessage.id)
        .limit(AT_ONCE)
    ).all()
    db.session.rollback()
    for scheduled_id in due:
        _send_one(scheduled_id)


def _send_one(scheduled_id: int) -> None:
    """The row is locked until the message, its outbox row and the new state are one commit."""
    with atomic():
        conversation, scheduled = _locked(scheduled_id)
        now = clock.now()
        if scheduled.state != "waiting" or scheduled.send_at > now:
            return
        if now - scheduled.send_at > LATE_AFTER:
            _miss(scheduled, N_("A hora passou com o sistema parado. Envie agora ou reagende."))
            return
        if not may_write_first(conversation.contact_id, conversation.channel_id):
            _miss(scheduled, N_("O contato pediu para não receber mensagens."))
            return
        author = db.session.get_one(User, scheduled.author_id, populate_existing=True)
        try:
            with atomic():
                _send(scheduled, author)
        except GuicheError as refusal:
            _miss(scheduled, refusal.message)


def _send(scheduled: ScheduledMessage, by: User) -> Message:
    message = conversations.reply(
        scheduled.conversation_id,
        Author(user=by),
        scheduled.body,
        client_key=f"scheduled-{scheduled.id}",
        extras=Extras(scheduled.quoted_id, quick_replies=tuple(scheduled.quick_replies)),
    )
    scheduled.message_id, scheduled.author_id = message.id, by.id
    _settle(scheduled, "sent")
    return message


def _miss(scheduled: ScheduledMessage, reason: str) -> None:
    _settle(scheduled, "missed", reason)
    on_commit(partial(live.not_sent, scheduled))
    for hook in on_missed:
        hook(scheduled)


def _settle(scheduled: ScheduledMessage, state: str, reason: str | None = None) -> None:
    scheduled.state, scheduled.reason = state, reason
    scheduled.settled_at = None if state == "waiting" else clock.now()
    scheduled.version += 1
    on_commit(partial(live.changed, scheduled.conversation_id))


def _locked(scheduled_id: int) -> tuple[Conversation, ScheduledMessage]:
    """The conversation's row first, as everywhere."""
    query = select(ScheduledMessage.conversation_id).where(ScheduledMessage.id == scheduled_id)
    conversation_id = db.session.scalar(query)
    if conversation_id is None:
        raise NotFound
    conversation = conversations.locked(conversation_id)
    scheduled = db.session.get_one(
        ScheduledMessage, scheduled_id, with_for_update=True, populate_existing=True
    )
    scheduled.conversation = conversation
    return conversation, scheduled


def _open(scheduled_id: int) -> tuple[Conversation, ScheduledMessage]:
    conversation, scheduled = _locked(scheduled_id)
    if scheduled.state not in OPEN:
        raise Conflict(_("Esta mensagem agendada já foi enviada ou cancelada."))
    return conversation, scheduled


def _check_may_cancel(conversation: Conversation, scheduled: ScheduledMessage, by: User) -> None:
    manages = by.can(Permission.CONVERSATIONS_TAKE_FROM_OTHERS)
    if not manages and by.id not in {scheduled.author_id, conversation.owner_id}:
        raise Forbidden(_("Só quem agendou, quem atende a conversa ou um gestor a cancela."))


def _checked_time(send_at: datetime) -> datetime:
    now = clock.now()
    if send_at <= now:
        raise GuicheError(_("Escolha uma hora que ainda não passou."), status=422)
    if send_at - now > FARTHEST:
        raise GuicheError(_("Escolha uma data dentro de um ano."), status=422)
    return send_at


def _earlier(client_key: str | None) -> ScheduledMessage | None:
    if client_key is None:
        return None
    query = select(ScheduledMessage).where(ScheduledMessage.client_key == client_key)
    return db.session.scalars(query).one_or_none()
