"""One story of finance lived through again, by the product's own services, in one transaction."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import update

from app import clock
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.assistant.models import BotState
from app.channels.models import Channel
from app.contacts import service as contacts
from app.conversations import service as desk
from app.conversations.service import Author
from app.debts.agreements import (
    accepting,
    acting,
    answering,
    checking,
    following,
    hearing,
    sending,
)
from app.debts.agreements.models import Agreement, FinanceTask, HeardAnswer
from app.debts.agreements.payments import payments_of
from app.debts.engine.writing import brl
from app.debts.lookups import service as lookups
from app.debts.lookups.models import Snapshot
from app.debts.simulations import approval
from app.debts.simulations import service as simulations
from app.debts.simulations.inputs import Inputs, Override
from app.debts.simulations.models import DebtOffer
from app.extensions import current_settings, db
from app.integrations.base import InboundMessage
from app.seed import samples
from app.seed.finance.stories import Story
from app.seed.rated import arrived
from portfolio.book import Person

MORNING = time(10, 20)
MINUTES_OF_A_DAY = 24 * 60
A_DAY = timedelta(days=1)


@dataclass
class Telling:
    """A story with everybody in it; `began` is where its clock started."""

    story: Story
    person: Person | None
    document: str
    bill: str
    content: dict[str, Any]
    channel: Channel
    staff: dict[str, User]
    began: datetime
    talk: int | None = None
    said: int = 0

    @property
    def by(self) -> User:
        """Who negotiates."""
        return self.staff[self.story.by]

    @property
    def attendant(self) -> User:
        """Who has the conversation."""
        return self.staff[self.story.attended]

    @property
    def sender(self) -> User:
        """Who sends the offer: attendants leave that to finance."""
        able = self.attendant.can(Permission.DEBTS_SIMULATE)
        return self.attendant if able else self.by


def began(story: Story) -> datetime:
    """When it began: so long ago, and what is days ago in the morning."""
    at = clock.now() - story.ago
    if story.ago < A_DAY:
        return at
    return datetime.combine(at.astimezone(clock.COMPANY_ZONE).date(), MORNING, clock.COMPANY_ZONE)


def tell(one: Telling) -> None:
    """All of it, up to now. The caller opens the transaction and puts the clock right again."""
    story = one.story
    _at(one, 0)
    snapshot = _introduces(one) if story.asks else _looks_up(one)
    offer = _offers(one, snapshot) if story.tries else None
    if story.reply:
        desk.reply(_talk(one), Author(user=one.attendant), story.reply)
    if offer is not None and story.decision is not None:
        _at(one, 25)
        _decides(one, offer)
    if offer is not None and one.talk is not None and story.sent:
        _at(one, 27)
        sending.send_in_conversation(offer.id, one.talk, one.sender)
        if story.answer is not None:
            _answers(one, offer)
        elif story.silent:
            _at(one, story.silent * MINUTES_OF_A_DAY)
            _closes(one)
    _at_present()
    if story.ago >= A_DAY:
        _looks_up(one)
    if one.talk is not None:
        desk.mark_read(one.talk, one.attendant)
        _nothing_leaves(one.talk)


def _at(one: Telling, minutes: float) -> None:
    """Put the clock so long after the beginning."""
    _clock(one.began + timedelta(minutes=minutes))


def _clock(moment: datetime) -> None:
    _at_present()
    clock.shift(clock.shifted() + (moment - clock.now()))


def _at_present() -> None:
    clock.shift(timedelta(seconds=current_settings().clock_shift_seconds))


def _introduces(one: Telling) -> Snapshot:
    """They write, somebody attends and looks them up, and they prove who they are."""
    assert one.person is not None  # noqa: S101 - who writes is in the book
    contact = contacts.resolve(one.channel.id, one.person.phone, None, one.person.name)
    contact.cpf, contact.email = one.person.document, one.person.email
    _says(one, one.story.asks)
    _at(one, 2)
    version = desk.locked(_talk(one)).owner_version
    desk.take_over(_talk(one), one.attendant, version)
    snapshot = _looks_up(one)
    _at(one, 3)
    answering.ask_identity(_talk(one), one.document, by=one.attendant)
    _at(one, 5)
    assert one.person.birth is not None  # noqa: S101 - a person, not a company
    _says(one, f"{one.person.birth:%d/%m} e {one.person.document[-2:]}")
    return snapshot


def _says(one: Telling, text: str) -> None:
    """A message of the customer's, and what a worker would do with it."""
    assert one.person is not None  # noqa: S101 - who writes is in the book
    contact = contacts.resolve(one.channel.id, one.person.phone, None, one.person.name)
    inbound = InboundMessage(
        provider_id=f"EXEMPLO-DIVIDA-{one.bill}-{one.said}",
        address=None,  # type: ignore[arg-type]  # the contact is known already
        kind="text",
        body=text,
        provider_at=clock.now(),
    )
    one.said += 1
    message = desk.receive(one.channel, contact, inbound)
    assert message is not None  # noqa: S101 - the ids above are new
    one.talk = message.conversation_id
    db.session.flush()
    if db.session.get(HeardAnswer, message.id) is not None:
        hearing.settle(message.id)


def _talk(one: Telling) -> int:
    assert one.talk is not None  # noqa: S101 - they have written
    return one.talk


def _looks_up(one: Telling) -> Snapshot:
    return lookups.keep(one.document, one.content, actor=one.by)


def _offers(one: Telling, snapshot: Snapshot) -> DebtOffer | None:
    """Keep what was tried; the first of it is offered."""
    subject = simulations.subject_of(snapshot.id, one.bill)
    kept = []
    for number, (name, granted) in enumerate(one.story.tries):
        _at(one, 9 + 4 * number)
        a, b, c = (granted.get(letter, Override()) for letter in "ABC")
        inputs = Inputs(simulations.today(), A=a, B=b, C=c)
        kept.append(simulations.keep(one.by, subject, inputs, name).id)
    if not one.story.offered:
        return None
    _at(one, 20)
    return simulations.create_offer(one.by, kept[0], note=one.story.note, conversation_id=one.talk)


def _decides(one: Telling, offer: DebtOffer) -> None:
    decision = one.story.decision
    assert decision is not None  # noqa: S101 - asked by the caller
    decide = approval.approve if decision.approves else approval.refuse
    decide(one.staff[decision.by], offer.id, offer.content_hash, decision.reason)


def _answers(one: Telling, offer: DebtOffer) -> None:
    answer = one.story.answer
    assert answer is not None  # noqa: S101 - asked by the caller
    _at(one, 45)
    _says(one, answer.words)
    _at(one, 46)
    agreement = accepting.of_offer(offer.id)
    assert agreement is not None  # noqa: S101 - the words above accept
    checking.settle(agreement.id, _looks_up(one))
    if answer.launched:
        _at(one, 180)
        _launches(agreement, one.by)
    if answer.paper:
        _at(one, 190)
        title = f"Boleto da entrada do acordo {agreement.number}"
        paper = samples.pdf(title, "Documento de exemplo, sem valor.")
        acting.attach(agreement.id, 0, "boleto-entrada.pdf", paper, "", one.by, tell=True)
    _days_pass(one, agreement.id, answer.paid)
    db.session.refresh(agreement)
    if agreement.ended_at is not None:
        _clock(agreement.ended_at + timedelta(minutes=5))
        _closes(one)


def _closes(one: Telling) -> None:
    """Nothing is left to say."""
    desk.close(_talk(one), one.attendant, desk.locked(_talk(one)).owner_version)


def _launches(agreement: Agreement, by: User) -> None:
    task = db.session.query(FinanceTask).filter_by(agreement_id=agreement.id, kind="launch").one()
    acting.launch(task.id, "", by)


def _days_pass(one: Telling, agreement_id: int, paid: tuple[int, ...]) -> None:
    """Each day until today: payments that come in time, reminders, breach."""
    _at_present()
    today = following.local_today()
    for day in range(1, one.story.ago.days + 1):
        moment = one.began + day * A_DAY
        if moment.astimezone(clock.COMPANY_ZONE).date() >= today:
            return
        _clock(moment)
        _pays(agreement_id, paid, one.by)
        following.move_on(agreement_id)


def _pays(agreement_id: int, paid: tuple[int, ...], by: User) -> None:
    """What is due tomorrow, of those that come."""
    day = following.local_today()
    for one in payments_of(agreement_id):
        if one.number in paid and one.paid_on is None and one.due <= day + A_DAY:
            acting.record_payment(agreement_id, one.number, day, brl(one.amount), by)


def _nothing_leaves(conversation_id: int) -> None:
    """It is as if all had been read, and the bot owes nothing."""
    arrived(conversation_id)
    db.session.execute(
        update(BotState).where(BotState.conversation_id == conversation_id).values(owed_ids=[])
    )
