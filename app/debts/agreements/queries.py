"""Reading offers on their way, agreements and tasks for pages; a fixed number of queries each."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app import clock
from app.contacts.models import Contact
from app.conversations.models import Conversation, Message
from app.debts.agreements import identification, live, sending
from app.debts.agreements.frozen import document_of
from app.debts.agreements.identification import tries_left
from app.debts.agreements.lifecycle import ACTIVE
from app.debts.agreements.models import (
    Agreement,
    AgreementDocument,
    AgreementEvent,
    DebtIdentification,
    DebtPause,
    DebtTalk,
    FinanceTask,
    OfferSending,
)
from app.debts.lookups import reading
from app.debts.lookups import service as lookups
from app.debts.lookups.models import Snapshot
from app.debts.lookups.reading import ContractRead
from app.debts.simulations.models import DebtOffer
from app.errors import NotFound
from app.extensions import current_settings, db

ROWS = 50
OFFERS = 5


@dataclass(frozen=True, slots=True)
class AgreementList:
    """A page of agreements, how many there are in each state, and the region's version."""

    rows: list[Agreement]
    counts: dict[str, int]
    state: str
    more: bool
    version: str


def agreements(state: str = "", before: int = 0) -> AgreementList:
    """The newest, of one state or of all; `before` is the last id of the page before."""
    query = select(Agreement)
    if state == "active":
        query = query.where(Agreement.state.in_(ACTIVE))
    elif state:
        query = query.where(Agreement.state == state)
    if before:
        query = query.where(Agreement.id < before)
    rows = list(db.session.scalars(query.order_by(Agreement.id.desc()).limit(ROWS + 1)))
    told = db.session.execute(select(Agreement.state, func.count()).group_by(Agreement.state))
    counts = {str(row[0]): int(row[1]) for row in told}
    version = str(db.session.scalar(live.newest()) or "0")
    return AgreementList(rows[:ROWS], counts, state, len(rows) > ROWS, version)


@dataclass(frozen=True, slots=True)
class OneAgreement:
    """An agreement with everything that its page shows."""

    agreement: Agreement
    events: list[AgreementEvent]
    documents: list[AgreementDocument]
    tasks: list[FinanceTask]


def one(agreement_id: int) -> OneAgreement:
    """Raises NotFound."""
    found = db.session.scalars(
        select(Agreement)
        .where(Agreement.id == agreement_id)
        .options(selectinload(Agreement.payments), joinedload(Agreement.offer))
    ).one_or_none()
    if found is None:
        raise NotFound
    events = select(AgreementEvent).where(AgreementEvent.agreement_id == agreement_id)
    tasks = select(FinanceTask).where(FinanceTask.agreement_id == agreement_id)
    return OneAgreement(
        found,
        list(db.session.scalars(events.order_by(AgreementEvent.id.desc()).limit(200))),
        documents_of(agreement_id),
        list(
            db.session.scalars(
                tasks.order_by(FinanceTask.id).options(joinedload(FinanceTask.done_by))
            )
        ),
    )


def documents_of(agreement_id: int) -> list[AgreementDocument]:
    """Its papers, without their bytes."""
    query = select(AgreementDocument).where(AgreementDocument.agreement_id == agreement_id)
    return list(db.session.scalars(query.order_by(AgreementDocument.id)))


def document(agreement_id: int, document_id: int) -> AgreementDocument:
    """One paper of one agreement. Raises NotFound."""
    found = db.session.get(AgreementDocument, document_id)
    if found is None or found.agreement_id != agreement_id:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class TaskList:
    """Tasks to do or done, and the region's version."""

    rows: list[FinanceTask]
    done: bool
    version: str


def tasks(done: bool = False) -> TaskList:
    """The oldest to do first, or what was done last."""
    query = select(FinanceTask).options(
        joinedload(FinanceTask.agreement), joinedload(FinanceTask.done_by)
    )
    if done:
        query = query.where(FinanceTask.done_at.is_not(None)).order_by(FinanceTask.done_at.desc())
    else:
        query = query.where(FinanceTask.done_at.is_(None)).order_by(FinanceTask.id)
    rows = list(db.session.scalars(query.limit(ROWS)))
    return TaskList(rows, done, db.session.scalar(live.tasks()) or "")


@dataclass(frozen=True, slots=True)
class Envoy:
    """How an offer is on its way: its sendings, where it could be sent, what became of it."""

    offer: DebtOffer
    sendings: list[OfferSending]
    conversations: list[Conversation]
    agreement: Agreement | None
    ticks: dict[int, str]
    version: str


def envoy(offer_id: int) -> Envoy:
    """Raises NotFound."""
    offer = sending.find(offer_id)
    sent = select(OfferSending).where(OfferSending.offer_id == offer_id)
    talks: list[Conversation] = []
    wanted: list[Any] = []
    if offer.contact_id is not None:
        wanted.append(Conversation.contact_id == offer.contact_id)
    elif offer.conversation_id is not None:
        wanted.append(Conversation.id == offer.conversation_id)
    else:  # whoever is known by this document, or proved to be its holder
        document = document_of(offer)
        known = select(Contact.id).where(Contact.cpf == document)
        proved = select(DebtIdentification.conversation_id).where(
            DebtIdentification.document == document, DebtIdentification.ended_at.is_(None)
        )
        wanted.append(or_(Conversation.contact_id.in_(known), Conversation.id.in_(proved)))
    if wanted:
        query = select(Conversation).where(*wanted, Conversation.status == "open")
        query = query.options(joinedload(Conversation.contact), joinedload(Conversation.channel))
        talks = list(db.session.scalars(query.order_by(Conversation.id.desc()).limit(5)))
    ordered = sent.order_by(OfferSending.id.desc()).options(joinedload(OfferSending.by))
    rows = list(db.session.scalars(ordered))
    return Envoy(
        offer,
        rows,
        talks,
        db.session.scalar(select(Agreement).where(Agreement.offer_id == offer_id)),
        _ticks(rows),
        db.session.scalar(live.sending_of(offer_id)) or "",
    )


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a conversation about the debts of who talks there.

    Contracts are shown only once the person is identified.
    """

    conversation: Conversation
    identification: DebtIdentification | None
    talk: DebtTalk | None
    tries_left: int
    snapshot: Snapshot | None
    contracts: list[ContractRead]
    offers: list[DebtOffer]
    sendings: dict[int, OfferSending]
    ticks: dict[int, str]
    agreements: dict[int, Agreement]
    pauses: list[DebtPause]
    version: str


def beside(conversation: Conversation) -> Beside:
    """For a conversation that the viewer may see."""
    found = identification.in_force(conversation)
    snapshot = lookups.latest(found.document) if found else None
    contracts = reading.contracts(snapshot) if snapshot is not None else []
    theirs: Any = DebtOffer.contact_id == conversation.contact_id
    if contracts:  # what finance offered before anybody knew by which conversation it goes
        theirs |= (
            (DebtOffer.erp == current_settings().sienge_subdomain)
            & DebtOffer.bill.in_([str(one.bill_id) for one in contracts])
            & DebtOffer.contact_id.is_(None)
            & DebtOffer.state.in_(("awaiting_approval", "approved"))
        )
    offers = select(DebtOffer).where(theirs)
    rows = list(db.session.scalars(offers.order_by(DebtOffer.id.desc()).limit(OFFERS)))
    ids = [one.id for one in rows]
    sent = select(OfferSending).where(OfferSending.offer_id.in_(ids)).order_by(OfferSending.id)
    on_way = list(db.session.scalars(sent))
    agreed = select(Agreement).where(Agreement.contact_id == conversation.contact_id)
    pauses = select(DebtPause).where(
        DebtPause.contact_id == conversation.contact_id, DebtPause.ended_at.is_(None)
    )
    column = select(live.of_conversation(conversation.id)).select_from(Conversation)
    return Beside(
        conversation,
        found,
        db.session.get(DebtTalk, conversation.id, populate_existing=True),
        tries_left(f"contact:{conversation.contact_id}"),
        snapshot,
        contracts,
        rows,
        {one.offer_id: one for one in on_way},
        _ticks(on_way),
        {
            one.offer_id: one
            for one in db.session.scalars(agreed.order_by(Agreement.id.desc()).limit(OFFERS))
        },
        list(db.session.scalars(pauses.order_by(DebtPause.id))),
        db.session.scalar(column.where(Conversation.id == conversation.id)) or "",
    )


def in_life(within: timedelta) -> list[Agreement]:
    """Agreements in life with something due soon, and their payments."""
    until = clock.now().date() + within
    query = select(Agreement).where(Agreement.state.in_(ACTIVE), Agreement.next_due <= until)
    query = query.options(selectinload(Agreement.payments)).order_by(Agreement.id).limit(1000)
    return list(db.session.scalars(query))


def _ticks(sendings: list[OfferSending]) -> dict[int, str]:
    """How far the messages of these are: sent, delivered, read, failed; by the sending's id."""
    ids = [one.message_id for one in sendings if one.message_id is not None]
    query = select(Message.id, Message.status).where(Message.id.in_(ids))
    told = {row.id: row.status or "" for row in db.session.execute(query)} if ids else {}
    return {one.id: told.get(one.message_id or 0, "") for one in sendings}
