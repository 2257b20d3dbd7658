"""Doing an act at the provider: by the channel's one sender, at its pace, never twice by itself."""

from dataclasses import dataclass
from datetime import timedelta

import structlog
from flask_babel import gettext as _
from sqlalchemy import exists, func, or_, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import aliased

from app import clock
from app.channels import service as channels
from app.channels.models import Channel
from app.channels.watching import HELD_MINUTES
from app.company import service as company
from app.contacts.service import send_address
from app.conversations.message_acts import limits, settling
from app.conversations.message_acts.models import DELETION, EDIT, PENDING, REACTION
from app.conversations.message_acts.models import MessageAct as Act
from app.conversations.models import Conversation, Message
from app.extensions import current_settings, db
from app.integrations.base import Accepted, IntegrationError, Messenger, Outcome
from app.logs import bind_request_id
from app.transactions import atomic

log = structlog.get_logger()


def next_of(channel_id: int) -> Act | None:
    """The next act of a channel, first what is due; of one message they are done in order.

    What is held to be taken back is nobody's yet: a job of its own comes for it.
    """
    now, older = clock.now(), aliased(Act)
    free = or_(Act.attempts > 0, Act.next_try_at <= now)
    blocked = exists().where(
        older.message_id == Act.message_id, older.id < Act.id, older.state.in_(PENDING)
    )
    return db.session.scalars(
        select(Act)
        .where(Act.channel_id == channel_id, Act.state == "queued", free, ~blocked)
        .order_by(func.greatest(Act.next_try_at, now), Act.id)
        .limit(1)
        .execution_options(populate_existing=True)
    ).one_or_none()


@dataclass(frozen=True, slots=True)
class _Claim:
    kind: str
    address: str
    message_id: str  # the provider's
    body: str


def make(channel: Channel, act_id: int) -> None:
    """Do one act. Whatever goes wrong with it stays with it: the others must still be done."""
    try:
        claim = _claim(act_id)
    except OperationalError:
        raise  # the database is away or broke a deadlock: nothing is known of the act
    except Exception:  # left queued, it would be picked first for ever
        log.exception("act_not_begun", act_id=act_id)
        settling.give_up(act_id, _("O envio não pôde começar."))
        return
    if claim is None:
        return
    try:
        accepted = _call(channels.messenger_for(channel), claim, f"act:{act_id}")
    except IntegrationError as error:
        settling.record_failure(act_id, error)
    except Exception:  # a fault of ours: the call may have been made
        log.exception("act_broke_off", act_id=act_id)
        broken = IntegrationError(_("O envio foi interrompido por um erro nosso."), Outcome.UNKNOWN)
        settling.record_failure(act_id, broken)
    else:
        settling.record_success(act_id, accepted)


def _call(messenger: Messenger, claim: _Claim, subject: str) -> Accepted | None:
    to, name = claim.address, claim.message_id
    if claim.kind == REACTION:
        return messenger.react(to, name, claim.body, subject)
    if claim.kind == EDIT:
        return messenger.edit_text(to, name, claim.body, subject)
    messenger.delete(to, name, subject)
    return None


def _claim(act_id: int) -> _Claim | None:
    """Commit that the act is being done; None when it has become needless or comes too late."""
    with atomic():
        conversation, act, message = settling.reload(act_id)
        if act.state != "queued":
            return None
        if limits.is_revoked(message) or not message.provider_id:
            settling.give_up(act_id, _("A mensagem foi apagada antes."), "cancelled")
            return None
        late = limits.too_late(message, act.kind) or _waited_too_long(act)
        if late is not None:
            settling.give_up(act_id, late)
            return None
        bind_request_id(act.request_id)
        act.state, act.attempts = "sending", act.attempts + 1
        act.lease_until = clock.now() + timedelta(seconds=current_settings().send_lease_seconds)
        settling.show(conversation, message, act)
        return _Claim(act.kind, _address(conversation), message.provider_id, act.body)


def _address(conversation: Conversation) -> str:
    talk = conversation
    return send_address(talk.contact_id, talk.channel_id, talk.identity_id)


def _waited_too_long(act: Act) -> str | None:
    """What a channel held for so long is done only if somebody wants it again."""
    limit = timedelta(minutes=company.get(HELD_MINUTES))
    if act.kind == DELETION or act.attempts or clock.now() - act.next_try_at < limit:
        return None
    return _("Esperou tempo demais pelo canal. Tente de novo se ainda fizer sentido.")


def expired() -> list[int]:
    """The acts whose worker died during the call."""
    query = select(Act.id).where(Act.state == "sending", Act.lease_until < clock.now())
    return list(db.session.scalars(query))


def channels_with_work() -> list[int]:
    """The channels that may send and have an act that is due."""
    query = (
        select(Act.channel_id)
        .join(Channel, Channel.id == Act.channel_id)
        .where(
            Act.state == "queued",
            Act.next_try_at <= clock.now(),
            Channel.active,
            Channel.state != "disconnected",
        )
        .distinct()
    )
    return list(db.session.scalars(query))


def cancel_queued(message: Message, kinds: tuple[str, ...]) -> None:
    """What nobody has begun on a message of a locked conversation is not wanted any more."""
    for act in db.session.scalars(
        select(Act)
        .where(
            Act.message_id == message.id,
            Act.kind.in_(kinds),
            Act.state.in_(("queued", "failed", "uncertain")),
        )
        .with_for_update(of=Act)
    ):
        act.state = "cancelled"
    db.session.flush()
