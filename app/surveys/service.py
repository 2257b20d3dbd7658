"""Asking after a closing, and keeping what is answered; nothing else writes surveys."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app import clock
from app.channels.models import Channel
from app.company import service as company
from app.company.fields import Words
from app.contacts.consent.service import may_write_first
from app.contacts.consent.words import is_refusal, is_return
from app.contacts.models import Contact
from app.conversations import service as conversations
from app.conversations.models import Conversation, Message
from app.conversations.service import Author
from app.conversations.threads import append, note_event, touch_message
from app.errors import GuicheError
from app.extensions import db
from app.surveys import answers, live, settings
from app.surveys.answers import Answer
from app.surveys.models import ASKED, Survey
from app.transactions import atomic, on_commit
from app.words import N_

AT_ONCE = 200  # the next sweep takes the rest
WINDOW = timedelta(hours=24)  # since the customer's last message
# Called with what was answered, also when it was thought better of or a comment followed; filled by
# create_app().
on_answered: list[Callable[[Conversation, Survey], None]] = []

PEOPLE = ("user", "phone")  # who answers for the company and is neither a program nor the bot


def plan(conversation: Conversation) -> None:
    """A locked conversation was closed: note that its customer is to be asked, if they are.

    In the transaction of the closing. Whoever was asked about this conversation once is not again.
    """
    if not company.get(settings.ENABLED) or not _is_wanted(conversation):
        return
    attended = _attended_by(conversation)
    if attended is None:
        return
    now = clock.now()
    values = {
        "channel_id": conversation.channel_id,
        "team_id": conversation.team_id,
        "person_id": conversation.owner_id or attended.author_id,
        "owner_version": conversation.owner_version,
        "state": "waiting",
        "reason": None,
        "closed_at": now,
        "due_at": now + timedelta(minutes=company.get(settings.WAIT)),
    }
    planned = insert(Survey).values(conversation_id=conversation.id, **values)
    db.session.execute(
        planned.on_conflict_do_update(
            index_elements=["conversation_id"],
            set_=values | {"version": Survey.version + 1},
            where=Survey.state.in_(("waiting", "skipped")),
        )
    )


def _is_wanted(conversation: Conversation) -> bool:
    teams, reasons = company.get(settings.TEAMS), company.get(settings.REASONS)
    if teams and str(conversation.team_id) not in teams.split(","):
        return False
    return not reasons or str(conversation.closing_reason_id) in reasons.split(",")


def _attended_by(conversation: Conversation) -> Message | None:
    """The last message that a person sent here; None when the bot did it all."""
    return db.session.scalars(
        select(Message)
        .where(
            Message.conversation_id == conversation.id,
            Message.direction == "out",
            Message.author_kind.in_(PEOPLE),
            Message.status.not_in(("cancelled", "failed")),
        )
        .order_by(Message.id.desc())
        .limit(1)
    ).one_or_none()


def ask_due() -> None:
    """Ask whose time has come. Safe to run twice at once, and to be killed: see `ask`."""
    due = db.session.scalars(
        select(Survey.id)
        .where(Survey.state == "waiting", Survey.due_at <= clock.now())
        .order_by(Survey.due_at, Survey.id)
        .limit(AT_ONCE)
    ).all()
    db.session.rollback()
    for survey_id in due:
        ask(survey_id)


def ask(survey_id: int) -> None:
    """Ask one whose time has come, or note why not.

    The row is locked until the question, its outbox row and the new state are one commit.
    """
    with atomic():
        found = db.session.get_one(Survey, survey_id)
        conversations.lock_contact_of(found.conversation_id)
        conversation = conversations.locked(found.conversation_id)
        survey = _locked(survey_id)
        if survey.state == "waiting" and survey.due_at <= clock.now():
            _ask_now(conversation, survey)


def _ask_now(conversation: Conversation, survey: Survey) -> None:
    now = clock.now()
    reason = _why_not(conversation, survey)
    if reason is not None:
        _settle(survey, "skipped", reason)
    elif (later := _polite(now)) > now:
        survey.due_at = later
    elif conversation.channel.state != "disconnected":
        try:
            with atomic():
                message = _say(conversation, survey, settings.QUESTIONS, f"survey-{survey.id}")
        except GuicheError as refusal:
            _settle(survey, "skipped", refusal.message)
        else:
            survey.asked_at, survey.message_id = now, message.id
            _settle(survey, "asked")


def _why_not(conversation: Conversation, survey: Survey) -> str | None:
    """What keeps us from asking, in words; None when nothing does."""
    if conversation.status != "closed" or conversation.owner_version != survey.owner_version:
        return N_("A conversa foi reaberta antes.")
    if not company.get(settings.ENABLED):
        return N_("A pesquisa foi desligada.")
    if not conversation.channel.active:
        return N_("O canal está desativado.")
    if not may_write_first(conversation.contact_id, conversation.channel_id):
        return N_("O contato pediu para não receber mensagens.")
    last = conversation.last_inbound_at
    if last is None or clock.now() - last >= WINDOW:
        return N_("Passaram 24 horas desde a última mensagem do cliente.")
    if not _words(settings.QUESTIONS, conversation.contact.language):
        return N_("Não há pergunta no idioma do contato.")
    if _talks_elsewhere(conversation):
        return N_("O cliente já está em outra conversa.")
    if _asked_lately(conversation):
        return N_("O contato respondeu ou recebeu outra pesquisa há pouco tempo.")
    return None


def _talks_elsewhere(conversation: Conversation) -> bool:
    query = select(Conversation.id).where(
        Conversation.contact_id == conversation.contact_id,
        Conversation.channel_id == conversation.channel_id,
        Conversation.status == "open",
    )
    return db.session.scalar(query.limit(1)) is not None


def _asked_lately(conversation: Conversation) -> bool:
    since = clock.now() - timedelta(days=company.get(settings.EVERY_DAYS))
    query = (
        select(Survey.id)
        .join(Conversation, Conversation.id == Survey.conversation_id)
        .where(
            Conversation.contact_id == conversation.contact_id,
            Survey.state.in_(ASKED),
            Survey.asked_at > since,
        )
    )
    return db.session.scalar(query.limit(1)) is not None


def _polite(now: datetime) -> datetime:
    """Now, or when it is next an hour at which the company may ask."""
    first, last = company.get(settings.FROM), company.get(settings.UNTIL)
    local = now.astimezone(clock.COMPANY_ZONE)
    if first >= last or first <= local.hour < last:
        return now
    day = local.date() if local.hour < first else local.date() + timedelta(days=1)
    return datetime.combine(day, time(first), clock.COMPANY_ZONE)


def _words(texts: dict[str, Words], language: str) -> str:
    return company.get(texts.get(language, texts["pt-BR"]))


def _say(conversation: Conversation, survey: Survey, texts: dict[str, Words], key: str) -> Message:
    """What the system says by its rule, through the check that every sender passes."""
    author = Author(rule="survey", owner_version=survey.owner_version)
    return conversations.reply(
        conversation.id, author, _words(texts, conversation.contact.language), client_key=key
    )


def keep_answer(channel: Channel, contact: Contact, message: Message) -> bool:
    """Keep a message with the closed conversation that it answers; False when it is none.

    The contact's row is locked by the caller, and no conversation of theirs is open. What is kept
    here neither opens a conversation nor is it unread.
    """
    if message.kind != "text" or is_refusal(message.body) or is_return(message.body):
        return False
    survey = _open_of(channel, contact)
    if survey is None:
        return False
    given = _answer(survey, message.body)
    if given is None:
        return False
    conversation = conversations.locked(survey.conversation_id)
    survey = _locked(survey.id)
    if conversation.status != "closed" or survey.owner_version != conversation.owner_version:
        return False
    is_first = survey.state == "asked"
    message.direction, message.author_kind = "in", "customer"
    message.payload = (message.payload or {}) | {"survey": given.score or "comment"}
    append(conversation, message)
    conversation.last_inbound_at = message.sorted_at
    _note(conversation, survey, message, given)
    if is_first and _words(settings.THANKS, contact.language):
        _say(conversation, survey, settings.THANKS, f"survey-thanks-{survey.id}")
    return True


def _open_of(channel: Channel, contact: Contact) -> Survey | None:
    """The survey that this contact's next message may answer: the newest, still in its time."""
    since = clock.now() - timedelta(hours=company.get(settings.ANSWER_HOURS), minutes=60)
    return db.session.scalars(
        select(Survey)
        .join(Conversation, Conversation.id == Survey.conversation_id)
        .where(
            Conversation.contact_id == contact.id,
            Conversation.channel_id == channel.id,
            Conversation.status == "closed",
            Survey.state.in_(ASKED),
            Survey.asked_at > since,
        )
        .order_by(Survey.asked_at.desc(), Survey.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).one_or_none()


def _answer(survey: Survey, text: str) -> Answer | None:
    """The score that a message gives; one without a score (0) is the comment to the one before."""
    now = clock.now()
    if survey.state == "asked":
        hours = timedelta(hours=company.get(settings.ANSWER_HOURS))
        is_late = survey.asked_at is None or now - survey.asked_at > hours
        return None if is_late else answers.read(text)
    minutes = timedelta(minutes=company.get(settings.COMMENT_MINUTES))
    if survey.answered_at is None or now - survey.answered_at >= minutes:
        return None
    if (again := answers.read(text)) is not None:
        return again  # they thought better of it
    is_comment = not survey.comment and answers.is_comment(text)
    return Answer(0, text.strip()) if is_comment else None


def _note(conversation: Conversation, survey: Survey, message: Message, given: Answer) -> None:
    before = survey.score
    if given.score:
        survey.score, survey.answer_id = given.score, message.id
        conversation.rating = given.score
        touch_message(conversation, message)
    if given.comment:
        survey.comment = given.comment
    survey.answered_at = survey.answered_at or clock.now()
    _settle(survey, "answered")
    if given.score and given.score != before:
        note_event(conversation, "survey_answered", score=given.score, before=before)
    for hook in on_answered:
        hook(conversation, survey)
    on_commit(live.answered, once="survey results")


def is_low(survey: Survey) -> bool:
    """Whether the company wants its managers to hear of this answer."""
    return survey.score is not None and survey.score <= company.get(settings.LOW)


def _locked(survey_id: int) -> Survey:
    return db.session.get_one(
        Survey, survey_id, with_for_update={"of": Survey}, populate_existing=True
    )


def _settle(survey: Survey, state: str, reason: str | None = None) -> None:
    survey.state, survey.reason = state, reason
    survey.version += 1
    on_commit(partial(live.changed, survey.conversation_id))
