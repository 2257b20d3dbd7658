"""Handing a conversation to a consultant, or letting it wait in line.

Locks in this order: conversation, queue of the turn, counters of the tabs, number of the protocol.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import partial

from flask_babel import gettext as _
from sqlalchemy import select

from app import clock
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.company import service as company
from app.consultants import languages
from app.consultants import queries as roster
from app.consultants import service as consultants
from app.consultants.models import Consultant, HandOut
from app.consultants.turn import Choice
from app.conversations import live as desk
from app.conversations.models import Conversation
from app.conversations.service.hooks import on_given
from app.conversations.service.ownership import (
    change_of_owner,
    check_mine_or_manager,
    check_open,
    check_version,
    hand_to_people,
    set_owner,
    silence_bot,
)
from app.conversations.threads import locked, note_event
from app.errors import Conflict, GuicheError, NotFound
from app.extensions import db
from app.forwarding import live, queries
from app.forwarding.models import Waiting
from app.forwarding.service import telling
from app.forwarding.words import BOT_CALLS
from app.protocols import service as protocols
from app.protocols.numbers import written
from app.transactions import atomic, on_commit

SYSTEM = "sistema"


@dataclass(frozen=True, slots=True)
class Forwarded:
    """Where a conversation went: to a consultant, or into the line."""

    hand_out: HandOut | None
    waiting: Waiting | None


def forward(conversation_id: int, by: User, owner_version: int, language: str = "") -> Forwarded:
    """To the consultant whose turn it is in a language, by default the contact's.

    When nobody is free it waits in line, the customer is told so, and the bot is silent. Raises
    Conflict, Forbidden, GuicheError for a language that nobody speaks.
    """
    with atomic():
        conversation = locked(conversation_id)
        check_version(conversation, owner_version)
        check_open(conversation)
        check_mine_or_manager(conversation, by, free=True)
        if queries.waiting_of(conversation_id) is not None:
            raise Conflict(_("A conversa já espera por um consultor."))
        wanted = _spoken(language or conversation.contact.language)
        present = roster.open_of(conversation_id)
        silence_bot(conversation)
        return _forward(conversation, wanted, by, [present.consultant_id] if present else [])


def call_people(conversation: Conversation, reason: str) -> None:
    """The bot steps back in a locked conversation: to the consultant whose turn it is, where the
    company wants that and somebody speaks the customer's language; else to whoever takes it."""
    language = conversation.contact.language
    speaks = any(languages.same(language, other) for other in roster.spoken())
    if company.get(BOT_CALLS) != "turn" or not speaks:
        hand_to_people(conversation, reason)
        return
    note_event(conversation, "handed_over", reason=reason)
    _forward(conversation, language, None, [])


def _forward(
    conversation: Conversation, language: str, by: User | None, refused: list[int]
) -> Forwarded:
    conversation.waiting_since = conversation.waiting_since or clock.now()
    # Nobody overtakes those who wait; the line is looked at right after.
    if queries.first_of(language) is None:
        choice = consultants.choose(language, refused)
        if choice.consultant is not None:
            return Forwarded(hand(conversation, choice, choice.consultant, by), None)
    else:
        choice = Choice(None, language, {}, 0, None)
    waiting = enter(conversation, language, by, refused, choice.considered)
    note_event(conversation, "entered_line", by, language=language)
    telling.entered(conversation, waiting)
    return Forwarded(None, waiting)


def hand(
    conversation: Conversation,
    choice: Choice,
    consultant: Consultant,
    by: User | None,
    from_line: bool = False,
) -> HandOut:
    """Give a locked conversation to whom the turn chose: with a log-in as its owner, without one
    nobody on the desk owns it. `by` forwarded it, be it now or as it entered the line."""
    owner = _owner_behind(consultant)
    with change_of_owner(conversation):
        if owner is not None:
            set_owner(conversation, "user", owner)
            conversation.unread_count = max(conversation.unread_count, 1)  # it is news to them
        else:
            set_owner(conversation, "outside", consultant_id=consultant.id)
            conversation.waiting_since = None  # they are attended elsewhere
            conversation.unread_count = 0
    consultants.release(conversation.id)
    hand_out = consultants.number(
        choice, consultant, by=by or SYSTEM, conversation_id=conversation.id,
        contact_id=conversation.contact_id,
    )  # fmt: skip
    number = written(hand_out.protocol.number)
    told = {"to": consultant.name, "protocol": number}
    note_event(conversation, "handed_to_consultant", None if from_line else by, **told)
    said = telling.handed(conversation, consultant, number)
    if said is not None:
        protocols.told(hand_out.protocol_id, SYSTEM, said.id)
    if owner is not None and by is not None and owner.id != by.id:
        on_commit(partial(desk.given_to, owner.id, conversation, by))
        for hook in on_given:
            hook(conversation, owner, by)
    on_commit(live.line_changed, once="line-changed")
    on_commit(partial(live.bar_changed, conversation.id), once=("bar", conversation.id))
    return hand_out


def enter(
    conversation: Conversation,
    language: str,
    by: User | None,
    refused: Collection[int],
    considered: object,
    in_front: bool = False,
) -> Waiting:
    """Let a locked conversation wait, at the end of the line or in front of it."""
    consultants.release(conversation.id)
    with change_of_owner(conversation):
        set_owner(conversation, "nobody")
        conversation.waiting_since = conversation.waiting_since or clock.now()
    waiting = Waiting(
        conversation_id=conversation.id,
        language=language,
        place=queries.first_place() - 1 if in_front else queries.last_place() + 1,
        entered_at=clock.now(),
        by_id=by.id if by else None,
        considered=considered,
        refused=list(refused),
        version=1,
    )
    db.session.add(waiting)
    db.session.flush()
    on_commit(live.line_changed, once="line-changed")
    on_commit(live.somebody_waits, once="somebody-waits")
    on_commit(partial(live.bar_changed, conversation.id), once=("bar", conversation.id))
    return waiting


def take_out(conversation_id: int, by: User, owner_version: int) -> None:
    """Out of the line without a consultant: it stays nobody's. Raises Conflict, NotFound."""
    with atomic():
        conversation = locked(conversation_id)
        check_version(conversation, owner_version)
        check_mine_or_manager(conversation, by, free=True)
        waiting = locked_waiting(conversation_id)
        if waiting is None:
            raise NotFound
        settle(waiting, "left")
        with change_of_owner(conversation):
            set_owner(conversation, "nobody")
        note_event(conversation, "left_line", by)


def locked_waiting(conversation_id: int) -> Waiting | None:
    """The wait of a locked conversation, as the database has it now."""
    query = select(Waiting).where(
        Waiting.conversation_id == conversation_id, Waiting.state == "waiting"
    )
    return db.session.scalars(
        query.with_for_update().execution_options(populate_existing=True)
    ).one_or_none()


def settle(waiting: Waiting, state: str) -> None:
    """The wait is over."""
    waiting.state, waiting.settled_at = state, clock.now()
    waiting.version += 1
    bar = ("bar", waiting.conversation_id)
    on_commit(live.line_changed, once="line-changed")
    on_commit(partial(live.bar_changed, waiting.conversation_id), once=bar)


def _spoken(language: str) -> str:
    tag = languages.one(language)
    if not any(languages.same(tag, other) for other in roster.spoken()):
        raise GuicheError(
            _("Nenhum consultor fala %(language)s. Escolha outro idioma.", language=tag), 422
        )
    return tag


def _owner_behind(consultant: Consultant) -> User | None:
    if consultant.user_id is None:
        return None
    person = db.session.get(User, consultant.user_id, populate_existing=True)
    works = person is not None and person.can(Permission.CONVERSATIONS_WORK)
    return person if works else None
