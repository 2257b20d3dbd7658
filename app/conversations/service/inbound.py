"""What was said: customers' messages, and what left the company's number past us."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm.attributes import set_committed_value

from app import clock
from app.accounts.models import User
from app.channels.models import Channel
from app.company import service as company
from app.contacts.models import Contact
from app.contacts.service import Sender
from app.conversations import counters, live, settling
from app.conversations.closing import REOPEN_DAYS
from app.conversations.keeping import keep
from app.conversations.models import Conversation, Message, OutboxEntry
from app.conversations.service import annotating, answers
from app.conversations.service.brought import details_of, expect_file, message_of
from app.conversations.service.closing import give_back
from app.conversations.service.hooks import kept_apart, on_inbound, on_inbound_together
from app.conversations.service.lookups import TryLater, by_provider_id
from app.conversations.service.ownership import change_of_owner, set_owner, silence_bot
from app.conversations.service.snoozing import wake_for_customer
from app.conversations.service.ticks import raise_status
from app.conversations.threads import append, locked, note_event, touch_message
from app.extensions import db
from app.integrations.base import Echo, InboundMessage
from app.logs import on_behalf_of, request_id
from app.teams import queries as teams
from app.teams.models import Team
from app.transactions import on_commit


@dataclass(frozen=True, slots=True)
class Kept:
    """A customer's message in its conversation, what brought it, and the id of that request."""

    conversation: Conversation
    message: Message
    inbound: InboundMessage
    request_id: str


def receive(
    channel: Channel, contact: Contact, inbound: InboundMessage, identity_id: int | None = None
) -> Message | None:
    """Keep a customer's message in the contact's open conversation, or in a new one.

    `identity_id` is the contact's address that it came from: answers go there.
    The contact's row is locked by the caller, so messages of one person come one by one. None when
    it was known already. Runs in the caller's transaction.
    """
    if annotating.is_about_another(inbound) and annotating.annotate(channel, contact, inbound):
        return None
    message = message_of(channel, contact, inbound)
    conversation = keep(contact, message, identity_id)
    if conversation is None:
        known = by_provider_id(channel.id, inbound.provider_id)
        if known is not None:
            return _correct(channel, contact, known, inbound)
        if any(keeps(channel, contact, message) for keeps in kept_apart):
            return message
        conversation = _keep_in_new(channel, contact, message, identity_id)
    tell([Kept(conversation, message, inbound, request_id())])
    return message


def tell(kept: Sequence[Kept]) -> None:
    """What follows from kept messages: files, screens, and features that wait for them."""
    for one in kept:
        with on_behalf_of(one.request_id):
            expect_file(one.message, one.inbound.media)
            if one.conversation.snoozed_at is not None:
                wake_for_customer(one.conversation.id)
    on_commit(partial(live.customers_wrote, [(one.conversation, one.message) for one in kept]))
    heard = [one for one in kept if one.message.kind not in annotating.SILENT]
    for one in heard:
        with on_behalf_of(one.request_id):
            for hook in on_inbound:
                hook(one.conversation, one.message)
    for together in on_inbound_together if heard else ():
        together([(one.conversation, one.message) for one in heard])


def _keep_in_new(
    channel: Channel, contact: Contact, message: Message, identity_id: int | None
) -> Conversation:
    """Open a conversation, or reopen the last one, and keep the message in it."""
    _conversation_for(channel, contact, identity_id)
    conversation = keep(contact, message, identity_id)
    if conversation is None:
        raise TryLater(_("A conversa foi encerrada neste instante."))
    return conversation


def _correct(
    channel: Channel, contact: Contact, known: Message, inbound: InboundMessage
) -> Message | None:
    """The full copy after a placeholder; anything else is a repeat."""
    was_placeholder = bool((known.payload or {}).get("placeholder"))
    if not was_placeholder or inbound.is_placeholder:
        return None
    conversation = locked(known.conversation_id)
    known.kind, known.body = inbound.kind, inbound.body
    known.payload = details_of(channel, contact, inbound)
    if not known.attachments:
        expect_file(known, inbound.media)
    touch_message(conversation, known)
    for hook in on_inbound:
        hook(conversation, known)
    for together in on_inbound_together:
        together([(conversation, known)])
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
        within = timedelta(days=company.get(REOPEN_DAYS))
        if newest.closed_at is None or clock.now() - newest.closed_at >= within:
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
            created_at=clock.now(),
            opened_at=clock.now(),
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
    told: dict[str, Any] = give_back(conversation)
    note_event(conversation, "reopened_by_customer", **told)
    return conversation


def record_echo(channel: Channel, sender: Sender, echo: Echo, proven: bool = True) -> None:
    """Something left the company's number: our own send confirmed, or written elsewhere.

    Only who is proven to be the provider (`proven`) can thereby silence the bot.
    """
    contact = sender.contact
    if annotating.is_about_another(echo) and annotating.annotate(channel, contact, echo):
        return
    known = by_provider_id(channel.id, echo.provider_id)
    if known is not None:
        raise_status(known, "sent")
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
            payload=details_of(channel, contact, echo),
            provider_id=echo.provider_id or None,
            provider_at=echo.provider_at,
            status="sent",
        ),
    )
    expect_file(written, echo.media)
    # What another program says through the API is no person's answer: who waits for one still does.
    if not echo.from_api or conversation.owner_kind == "bot":
        conversation.waiting_since = None
    answers.note(conversation, written)
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
