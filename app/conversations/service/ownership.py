"""One owner at a time: taking over, transferring and handing back.

Each verb that a person calls names the owner's version they saw; if it is no longer that one,
somebody was faster and the error says who.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from flask_babel import gettext as _
from sqlalchemy import select

from app import clock
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.contacts.models import Contact
from app.conversations import counters, live, visibility
from app.conversations.models import Conversation, Message, OutboxEntry
from app.conversations.service.authors import who_owns
from app.conversations.service.hooks import on_given, on_owner_changed, on_taken
from app.conversations.threads import announce, append, locked, note_event, touch_message
from app.errors import Conflict, Forbidden, GuicheError
from app.extensions import db
from app.teams.models import Team
from app.transactions import atomic, on_commit


@contextmanager
def change_of_owner(conversation: Conversation) -> Iterator[None]:
    """Around a change of owner or status of a locked conversation: counted and announced.

    Who has it now did not put it off: it comes back.
    """
    before = counters.tab_of(conversation)
    conversation.snoozed_at = conversation.snoozed_until = None
    audience, thread = visibility.audience(conversation), live.room(conversation)
    yield
    conversation.owner_version += 1
    conversation.version += 1
    counters.moved(before, counters.tab_of(conversation))
    announce(conversation)
    after = counters.tab_of(conversation)
    on_commit(partial(live.owner_changed, conversation, before, after))
    on_commit(partial(live.sight_changed, conversation, audience, thread))
    for hook in on_owner_changed:
        hook(conversation)


def set_owner(
    conversation: Conversation,
    kind: str,
    user: User | None = None,
    consultant_id: int | None = None,
) -> None:
    """Write the owner; call inside `change_of_owner`. `consultant_id` is who has it outside."""
    conversation.owner_kind = kind
    conversation.consultant_id = consultant_id
    conversation.owner_id = user.id if user else None
    conversation.owner = user


def take_over(conversation_id: int, by: User, owner_version: int) -> Conversation:
    """Make the conversation this person's. Raises Conflict, Forbidden."""
    with atomic():
        conversation = locked(conversation_id)
        if conversation.owner_id == by.id and conversation.status == "open":
            return conversation
        check_version(conversation, owner_version)
        check_open(conversation)
        check_works(by)
        if conversation.owner_id is not None and not by.can(
            Permission.CONVERSATIONS_TAKE_FROM_OTHERS
        ):
            raise Forbidden(
                who_owns(conversation) + " " + _("Peça a transferência ou fale com um gestor.")
            )
        loser = conversation.owner
        previous = loser.name if loser else conversation.owner_kind
        with change_of_owner(conversation):
            set_owner(conversation, "user", by)
        silence_bot(conversation)
        note_event(conversation, "took_over", by, previous=previous)
        if loser is not None:
            on_commit(partial(live.taken_from, loser.id, conversation, by))
            for hook in on_taken:
                hook(conversation, loser, by)
    return conversation


def transfer(
    conversation_id: int,
    by: User,
    to: User | None,
    note: str,
    owner_version: int,
    team: Team | None = None,
    quiet: bool = False,
) -> Conversation:
    """Give the conversation to another person, or to the line when `to` is None.

    With a team it goes to that team's line. `quiet`: the receiver is told otherwise.
    """
    with atomic():
        conversation = locked(conversation_id)
        check_version(conversation, owner_version)
        check_open(conversation)
        check_mine_or_manager(conversation, by)
        if to is not None:
            check_works(to)
        if team is not None:
            _check_in_use(team)
        if to is not None and conversation.owner_id == to.id:
            raise GuicheError(_("A conversa já é de %(name)s.", name=to.name))
        with change_of_owner(conversation):
            set_owner(conversation, "user" if to else "nobody", to)
            if team is not None:
                conversation.team_id, conversation.team = team.id, team
            if to is not None:
                conversation.unread_count = max(conversation.unread_count, 1)  # it is news to them
        silence_bot(conversation)
        receiver = to.name if to else None
        told = {"team": team.name} if team else {}
        note_event(conversation, "transferred", by, to=receiver, **told)
        if to is not None and to.id != by.id and not quiet:
            on_commit(partial(live.given_to, to.id, conversation, by))
            for hook in on_given:
                hook(conversation, to, by)
        if note.strip():
            append(
                conversation,
                Message(
                    direction="note",
                    author_kind="user",
                    author_id=by.id,
                    author=by,
                    body=note.strip(),
                ),
            )
    return conversation


def return_to_bot(conversation_id: int, by: User, owner_version: int) -> Conversation:
    """Let the bot speak again, from the customer's next message on."""
    with atomic():
        conversation = locked(conversation_id)
        check_version(conversation, owner_version)
        check_open(conversation)
        check_mine_or_manager(conversation, by)
        with change_of_owner(conversation):
            set_owner(conversation, "bot")
            conversation.waiting_since = None
        note_event(conversation, "returned_to_bot", by)
    return conversation


def hand_to_people(conversation: Conversation, reason: str) -> None:
    """The bot steps back in a locked conversation; the customer waits for a person from now on."""
    with change_of_owner(conversation):
        set_owner(conversation, "nobody")
        conversation.waiting_since = conversation.last_inbound_at or clock.now()
    note_event(conversation, "handed_over", reason=reason)


def follow_staff(person: User, _by: User | str) -> None:
    """Somebody may do less than before: after that is committed, look at what they own."""
    on_commit(partial(release_orphans, person.id))


def release_orphans(owner_id: int | None = None) -> None:
    """Give back to the line what belongs to people who may not work on it any more.

    In a transaction for each conversation, after the one that took the access: so nobody waits in a
    ring, and a sweep finds what was taken in the very moment in which access ended.
    """
    query = select(Conversation.owner_id).where(
        Conversation.owner_kind == "user", Conversation.status == "open"
    )
    if owner_id is not None:
        query = query.where(Conversation.owner_id == owner_id)
    owners = db.session.scalars(select(User).where(User.id.in_(query))).all()
    gone = [person for person in owners if not person.can(Permission.CONVERSATIONS_WORK)]
    for person in gone:
        theirs = select(Conversation.id).where(
            Conversation.owner_kind == "user",
            Conversation.owner_id == person.id,
            Conversation.status == "open",
        )
        for conversation_id in db.session.scalars(theirs).all():
            _release(conversation_id, person)


def _release(conversation_id: int, gone: User) -> None:
    with atomic():
        conversation = locked(conversation_id)
        if conversation.owner_id != gone.id or conversation.status == "closed":
            return
        with change_of_owner(conversation):
            set_owner(conversation, "nobody")
        note_event(conversation, "released", previous=gone.name)


def silence_bot(conversation: Conversation) -> None:
    """Withdraw what the bot has written and no worker has begun to send."""
    waiting = db.session.execute(
        select(OutboxEntry, Message)
        .join(Message, Message.id == OutboxEntry.message_id)
        .where(
            OutboxEntry.conversation_id == conversation.id,
            OutboxEntry.state == "queued",
            Message.author_kind == "bot",
        )
        .with_for_update(of=OutboxEntry)
    )
    for entry, message in waiting.all():
        entry.state = "cancelled"
        message.status = "cancelled"
        message.error = _("Uma pessoa assumiu antes do envio.")
        touch_message(conversation, message)


def check_version(conversation: Conversation, seen: int) -> None:
    """Raise Conflict, naming the owner, unless the (locked) one's owner is still who was seen."""
    if conversation.owner_version != seen:
        raise Conflict(_("Alguém foi mais rápido.") + " " + _state_in_words(conversation))


def _state_in_words(conversation: Conversation) -> str:
    if conversation.status == "closed":
        return _("A conversa foi encerrada.")
    return who_owns(conversation)


def check_open(conversation: Conversation) -> None:
    """Raise Conflict for what is closed."""
    if conversation.status == "closed":
        raise Conflict(_("A conversa está encerrada. Reabra para continuar."))


def check_mine_or_manager(conversation: Conversation, by: User, free: bool = False) -> None:
    """The owner may, managers always, and anyone with what has no person when `free`."""
    if conversation.owner_id == by.id or by.can(Permission.CONVERSATIONS_TAKE_FROM_OTHERS):
        return
    if free and conversation.owner_id is None:
        return
    raise Forbidden(who_owns(conversation) + " " + _("Assuma a conversa antes."))


def check_works(person: User) -> None:
    """As the database knows them now: their access may have ended since the request began."""
    db.session.refresh(person)
    if not person.can(Permission.CONVERSATIONS_WORK):
        name = person.name
        raise GuicheError(_("%(name)s não atende conversas. Escolha outra pessoa.", name=name))


def _check_in_use(team: Team) -> None:
    db.session.refresh(team)
    if not team.active:
        raise GuicheError(_("A equipe %(name)s está fora de uso. Escolha outra.", name=team.name))


def lock_contact_of(conversation_id: int) -> None:
    """What the contact writes in this moment waits: it might open a conversation of its own."""
    contact_id = select(Conversation.contact_id).where(Conversation.id == conversation_id)
    db.session.execute(
        select(Contact.id)
        .where(Contact.id == contact_id.scalar_subquery())
        .with_for_update(key_share=True)
    )


def check_no_other_open(conversation: Conversation) -> None:
    """Raise Conflict when the contact has another open conversation on this channel."""
    other = db.session.scalar(
        select(Conversation.id).where(
            Conversation.contact_id == conversation.contact_id,
            Conversation.channel_id == conversation.channel_id,
            Conversation.status == "open",
        )
    )
    if other is not None:
        raise Conflict(
            _("Este contato já tem outra conversa aberta. Continue nela: está na lista do contato.")
        )
