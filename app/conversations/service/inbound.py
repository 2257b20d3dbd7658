"""What customers and providers tell us: messages, echoes, ticks, deliveries."""

from datetime import timedelta
from functools import partial

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from app import clock
from app.accounts.models import User
from app.channels.models import Channel
from app.contacts.models import Contact, ContactIdentity
from app.contacts.service import Sender
from app.conversations import counters, live, settling
from app.conversations.keeping import keep
from app.conversations.models import Conversation, Message, OutboxEntry
from app.conversations.service.hooks import on_inbound
from app.conversations.service.ownership import change_of_owner, set_owner, silence_bot
from app.conversations.service.snoozing import wake_for_customer
from app.conversations.threads import announce, append, locked, note_event, touch_message
from app.extensions import db
from app.integrations.base import DeliveryReport, Echo, InboundMessage, Media, StatusUpdate
from app.media import service as media
from app.teams import queries as teams
from app.teams.models import Team
from app.transactions import on_commit

# Who writes again within this time continues the conversation that was closed.
REOPEN_WITHIN = timedelta(hours=24)

RANK = {
    "cancelled": 0,
    "queued": 0,
    "sending": 1,
    "uncertain": 2,
    "sent": 3,
    "delivered": 4,
    "read": 5,
}


class TryLater(Exception):
    """What this speaks of may be written down in a moment; the receipt is tried again."""


def receive(
    channel: Channel, contact: Contact, inbound: InboundMessage, identity_id: int | None = None
) -> Message | None:
    """Keep a customer's message in the contact's open conversation, or in a new one.

    `identity_id` is the contact's address that it came from: answers go there.
    The contact's row is locked by the caller, so messages of one person come one by one. None when
    it was known already. Runs in the caller's transaction.
    """
    message = Message(
        channel_id=channel.id,
        kind=inbound.kind,
        body=inbound.body,
        payload=_payload(inbound),
        provider_id=inbound.provider_id or None,
        provider_at=inbound.provider_at,
    )
    conversation = keep(contact, message, identity_id)
    if conversation is None:
        known = _by_provider_id(channel.id, inbound.provider_id)
        if known is not None:
            return _correct(known, inbound)
        conversation = _keep_in_new(channel, contact, message, identity_id)
    expect_file(message, inbound.media)
    if conversation.snoozed_at is not None:
        wake_for_customer(conversation.id)
    announce(conversation, message)
    for hook in on_inbound:
        hook(conversation, message)
    return message


def _keep_in_new(
    channel: Channel, contact: Contact, message: Message, identity_id: int | None
) -> Conversation:
    """Open a conversation, or reopen the last one, and keep the message in it."""
    _conversation_for(channel, contact, identity_id)
    conversation = keep(contact, message, identity_id)
    if conversation is None:
        raise TryLater(_("A conversa foi encerrada neste instante."))
    return conversation


def expect_file(message: Message, announced: Media | None) -> None:
    """A stored message announces a file: a worker fetches it after the commit."""
    if announced is not None:
        set_committed_value(message, "attachments", [media.expect(message.id, announced)])


def _payload(inbound: InboundMessage) -> dict[str, object] | None:
    payload = dict(inbound.payload)
    if inbound.reply_to:
        payload["reply_to"] = inbound.reply_to
    if inbound.is_placeholder:
        payload["placeholder"] = True
    if inbound.media and inbound.media.seconds:
        payload["seconds"] = inbound.media.seconds
    return payload or None


def _by_provider_id(channel_id: int, provider_id: str | None) -> Message | None:
    if not provider_id:
        return None
    return db.session.scalars(
        select(Message).where(Message.channel_id == channel_id, Message.provider_id == provider_id)
    ).one_or_none()


def _correct(known: Message, inbound: InboundMessage) -> Message | None:
    """The full copy after a placeholder, or an edit; anything else is a repeat."""
    was_placeholder = bool((known.payload or {}).get("placeholder"))
    if not inbound.is_edit and not (was_placeholder and not inbound.is_placeholder):
        return None
    conversation = locked(known.conversation_id)
    payload = _payload(inbound) or {}
    if inbound.is_edit:
        payload["edited_from"] = known.body
    known.kind, known.body, known.payload = inbound.kind, inbound.body, payload or None
    if not known.attachments:
        expect_file(known, inbound.media)
    touch_message(conversation, known)
    if was_placeholder:
        for hook in on_inbound:
            hook(conversation, known)
    return known


def _conversation_for(channel: Channel, contact: Contact, identity_id: int | None) -> Conversation:
    newest = db.session.scalars(
        select(Conversation)
        .where(Conversation.contact_id == contact.id, Conversation.channel_id == channel.id)
        .order_by(
            Conversation.status.desc(),
            Conversation.closed_at.desc().nulls_last(),
            Conversation.id.desc(),
        )
        .limit(1)
        .with_for_update()
    ).one_or_none()
    if newest is not None and newest.status == "closed":
        if newest.closed_at is None or clock.now() - newest.closed_at > REOPEN_WITHIN:
            newest = None
        else:
            newest = _reopened_by_customer(locked(newest.id))
    if newest is None:
        newest = Conversation(
            channel_id=channel.id,
            contact_id=contact.id,
            identity_id=identity_id,
            team_id=_team_for(channel),
            status="open",
            owner_kind="bot",
            owner_version=1,
            version=1,
            unread_count=0,
            last_message_at=clock.now(),
        )
        db.session.add(newest)
        db.session.flush()
        counters.moved(None, counters.tab_of(newest))
        on_commit(partial(live.counts_changed, counters.tab_of(newest)))
    set_committed_value(newest, "contact", contact)
    set_committed_value(newest, "channel", channel)
    owner = db.session.get(User, newest.owner_id) if newest.owner_id else None
    set_committed_value(newest, "owner", owner)
    team = db.session.get(Team, newest.team_id) if newest.team_id else None
    set_committed_value(newest, "team", team)
    return newest


def _team_for(channel: Channel) -> int | None:
    """Whose line what comes through this channel waits in."""
    own = select(Channel.team_id).where(Channel.id == channel.id)
    return teams.team_for(db.session.scalar(own))


def _reopened_by_customer(conversation: Conversation) -> Conversation:
    with change_of_owner(conversation):
        conversation.status = "open"
        conversation.closed_at = None
        conversation.closed_by_id = None
        set_owner(conversation, "nobody")
    note_event(conversation, "reopened_by_customer")
    return conversation


def record_echo(channel: Channel, sender: Sender, echo: Echo, proven: bool = True) -> None:
    """Something left the company's number: our own send confirmed, or written elsewhere.

    Only who is proven to be the provider (`proven`) can thereby silence the bot.
    """
    contact = sender.contact
    known = _by_provider_id(channel.id, echo.provider_id)
    if known is not None:
        _raise_status(known, "sent")
        return
    if echo.from_api and _confirm_own_send(channel, contact, echo):
        return
    conversation = _conversation_for(channel, contact, sender.identity_id)
    written = append(
        conversation,
        Message(
            direction="out",
            author_kind="api" if echo.from_api else "phone",
            kind=echo.kind,
            body=echo.body,
            payload=echo.payload or None,
            provider_id=echo.provider_id or None,
            provider_at=echo.provider_at,
            status="sent",
        ),
    )
    expect_file(written, echo.media)
    conversation.waiting_since = None
    if proven and not echo.from_api and conversation.owner_kind == "bot":
        with change_of_owner(conversation):
            set_owner(conversation, "nobody")
        silence_bot(conversation)
        note_event(conversation, "answered_on_phone")


def _confirm_own_send(channel: Channel, contact: Contact, echo: Echo) -> bool:
    """Match an echo with a send whose answer we have not got (yet): same person, same text."""
    entry = db.session.scalars(
        select(OutboxEntry)
        .join(Message, Message.id == OutboxEntry.message_id)
        .join(Conversation, Conversation.id == OutboxEntry.conversation_id)
        .where(
            OutboxEntry.channel_id == channel.id,
            OutboxEntry.state.in_(("sending", "uncertain")),
            Conversation.contact_id == contact.id,
            Message.body == echo.body,
        )
        .order_by(OutboxEntry.id)
        .limit(1)
    ).one_or_none()
    if entry is None:
        return False
    settling.confirm(entry.id, echo.provider_id)
    return True


def record_status(channel: Channel, update: StatusUpdate) -> None:
    """Ticks of messages; they only move up. Raises TryLater for a message still being sent."""
    for provider_id in update.provider_ids:
        message = _by_provider_id(channel.id, provider_id)
        if message is not None:
            _raise_status(message, update.status)
        elif settling.is_unsettled(channel.id):
            raise TryLater(_("Confirmação de uma mensagem cujo envio ainda não terminou."))


def record_delivery(channel: Channel, report: DeliveryReport) -> None:
    """The provider handed a message to WhatsApp, or could not; raises TryLater as above."""
    message = _by_provider_id(channel.id, report.provider_id)
    if message is None:
        message = _by_queue_id(channel.id, report.queue_id)
    if message is None:
        entry_id = _only_uncertain(channel.id, report.phone)
        if entry_id is not None and report.provider_id:
            message = settling.confirm(entry_id, report.provider_id)
    if message is None:
        if settling.is_unsettled(channel.id):
            raise TryLater(_("Aviso de entrega de uma mensagem cujo envio ainda não terminou."))
        return
    if report.error:
        settling.fail(message, report.error)
    else:
        _raise_status(message, "sent")


def _by_queue_id(channel_id: int, queue_id: str | None) -> Message | None:
    if not queue_id:
        return None
    return db.session.scalars(
        select(Message)
        .join(OutboxEntry, OutboxEntry.message_id == Message.id)
        .where(OutboxEntry.channel_id == channel_id, OutboxEntry.zaap_id == queue_id)
    ).one_or_none()


def _only_uncertain(channel_id: int, phone: str | None) -> int | None:
    """The one uncertain send to this phone; with two it cannot be told which was meant."""
    if not phone:
        return None
    found = db.session.scalars(
        select(OutboxEntry.id)
        .join(Conversation, Conversation.id == OutboxEntry.conversation_id)
        .join(ContactIdentity, ContactIdentity.contact_id == Conversation.contact_id)
        .where(
            OutboxEntry.channel_id == channel_id,
            OutboxEntry.state == "uncertain",
            ContactIdentity.whatsapp_id == phone,
        )
        .limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def _raise_status(message: Message, status: str) -> None:
    conversation = locked(message.conversation_id)
    db.session.refresh(message)
    if message.direction != "out" or message.status is None:
        return
    # A message that failed and is then reported as arrived did arrive.
    if RANK.get(message.status, 0) >= RANK[status]:
        return
    message.status = status
    message.error = None
    settling.settle_entry(message)
    touch_message(conversation, message)
