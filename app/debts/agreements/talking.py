"""The bot's talk about debts by numbers: identity → contracts → one of them → summary → proposals.

What is remembered is a row; what the bot says is composed outside a transaction, and said only
while the bot still owns the conversation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app import clock
from app.company import service as company
from app.contacts.models import Contact
from app.conversations import service as desk
from app.conversations.models import Conversation
from app.conversations.service import Author
from app.debts.agreements import answers, identity, live, offering, texts, vulnerability
from app.debts.agreements.models import DebtTalk
from app.debts.agreements.saying import composing, sentences, wording
from app.debts.engine.statement.choosing import debt_from
from app.debts.engine.statement.lines import Status
from app.debts.engine.writing import brl, day
from app.debts.lookups import reading
from app.debts.lookups import service as lookups
from app.debts.lookups.reading import ContractRead
from app.errors import Conflict, GuicheError
from app.extensions import current_settings, db
from app.forwarding.service import call_people
from app.integrations.sienge import client
from app.queueing import enqueue
from app.transactions import atomic, on_commit
from app.words import N_

log = structlog.get_logger()

DOCUMENT, IDENTITY, UNITS, SUMMARY = "document", "identity", "units", "summary"
PREPARING = "preparing"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot says next; `hand_over` is why people are called. `keep` runs with it."""

    text: str
    keep: Callable[[], None]
    hand_over: str | None = None


def is_on() -> bool:
    """Whether the bot talks about debts: the company wants it, and there is an ERP to ask."""
    return bool(company.get(wording.BOT_TALKS)) and client.is_configured()


def go(
    conversation_id: int,
    step: str,
    *,
    document: str | None = None,
    bill: str = "",
    choices: list[Any] | None = None,
    offer_id: int | None = None,
    by_id: int | None = None,
) -> None:
    """Where the talk stands now, in the transaction under way."""
    values: dict[str, Any] = {
        "step": step, "bill": bill, "choices": choices or [], "offer_id": offer_id, "by_id": by_id,
        "misunderstandings": 0, "updated_at": clock.now(),
    }  # fmt: skip
    if document is not None:
        values["document"] = document
    db.session.execute(
        insert(DebtTalk)
        .values(conversation_id=conversation_id, version=1, **values)
        .on_conflict_do_update(
            index_elements=["conversation_id"], set_=values | {"version": DebtTalk.version + 1}
        )
    )
    on_commit(lambda: live.conversation_changed(conversation_id))


def begin(conversation: Conversation) -> Reply:
    """The customer speaks of payments: who is it?"""
    contact = db.session.get_one(Contact, conversation.contact_id)
    if contact.cpf:
        return Reply(sentences.ASK_PROOF, partial(_to_identity, conversation.id, contact.cpf))
    return Reply(sentences.ASK_DOCUMENT, partial(go, conversation.id, DOCUMENT, document=""))


def respond(conversation: Conversation, body: str) -> Reply | None:
    """What the bot answers to a message while a talk is under way; None when there is none."""
    talk = db.session.get(DebtTalk, conversation.id, populate_existing=True)
    if talk is None or talk.by_id is not None or talk.step not in _STEPS:
        return None
    if vulnerability.speaks_of_trouble(body):
        return _person(conversation, N_("o cliente conta uma dificuldade: atenda com cuidado"))
    return _STEPS[talk.step](conversation, talk, body.strip())


def _document(conversation: Conversation, talk: DebtTalk, body: str) -> Reply:
    document = identity.typed_document(body)
    if document is None:
        return _again(conversation, talk, sentences.NOT_A_DOCUMENT)
    # Whatever is found, the answer is the same.
    return Reply(sentences.ASK_PROOF, partial(_to_identity, conversation.id, document))


def _identity(conversation: Conversation, talk: DebtTalk, body: str) -> Reply:
    return _again(conversation, talk, sentences.NOT_A_PROOF)


def _units(conversation: Conversation, talk: DebtTalk, body: str) -> Reply:
    chosen = body.strip(" .)")
    if not chosen.isdecimal() or not 1 <= int(chosen[:3]) <= len(talk.choices):
        return _again(conversation, talk, sentences.WHICH_UNIT.format(count=len(talk.choices)))
    return _summary(conversation, talk.document, str(talk.choices[int(chosen) - 1]))


def _summary_step(conversation: Conversation, talk: DebtTalk, body: str) -> Reply:
    if not answers.is_yes(body):
        return _again(conversation, talk, sentences.INVITE)
    return _proposals(conversation, talk)


_STEPS: dict[str, Callable[[Conversation, DebtTalk, str], Reply]] = {
    DOCUMENT: _document,
    IDENTITY: _identity,
    UNITS: _units,
    SUMMARY: _summary_step,
}


def _again(conversation: Conversation, talk: DebtTalk, text: str) -> Reply:
    """Said once more; then a person."""
    if talk.misunderstandings >= 2:
        return _person(conversation, N_("o robô não entendeu a resposta sobre a dívida"))
    step, document, bill = talk.step, talk.document, talk.bill
    choices, count = list(talk.choices), talk.misunderstandings + 1

    def keep() -> None:
        go(conversation.id, step, document=document, bill=bill, choices=choices)
        db.session.get_one(
            DebtTalk, conversation.id, populate_existing=True
        ).misunderstandings = count

    return Reply(text, keep)


def _person(conversation: Conversation, why: str) -> Reply:
    return Reply(sentences.PERSON_TEXT, partial(go, conversation.id, ""), why)


def _to_identity(conversation_id: int, document: str) -> None:
    """Next, they prove who they are; a worker has the ERP's answer at hand by then. Whether it
    knows anybody is told to nobody."""
    go(conversation_id, IDENTITY, document=document)
    try:
        lookups.look_up(document, actor=None, refresh=False)
    except GuicheError as fault:
        log.warning("debts_not_looked_up", reason=str(fault.message))


def offers_units(conversation_id: int, document: str) -> bool:
    """After the identity: the bot lists the contracts, or goes to the only one. False when it
    does not own the conversation any more, or has nothing to list."""
    conversation = db.session.get_one(Conversation, conversation_id, populate_existing=True)
    version = conversation.owner_version
    if conversation.owner_kind != "bot":
        return False
    reply = _after_identity(conversation, document)
    db.session.rollback()
    try:
        with atomic():
            talk = desk.locked(conversation_id)
            desk.reply(conversation_id, Author(owner_version=version), reply.text)
            reply.keep()
            if reply.hand_over:
                call_people(talk, reply.hand_over)
    except Conflict:
        log.info("bot_silenced", conversation_id=conversation_id)
        return False
    return True


def _after_identity(conversation: Conversation, document: str) -> Reply:
    found = contracts_of(document)
    if not found:
        return _person(conversation, N_("nenhum contrato encontrado para o cliente"))
    if len(found) == 1:
        return _summary(conversation, document, str(found[0].bill_id))
    name = composing.first_name(_customer_name(document))
    lines = composing.unit_lines([(place_of(one), one.number) for one in found])
    values = {
        "primeiro_nome": name, "lista_unidades": lines,
        "rodape": _footer(found[0]),
    }  # fmt: skip
    text = texts.fill(company.get(wording.UNITS), values)
    bills = [str(one.bill_id) for one in found]
    return Reply(text, partial(go, conversation.id, UNITS, document=document, choices=bills))


def contracts_of(document: str) -> list[ContractRead]:
    """The contracts of the last look-up that anything is open of, or all where nothing is."""
    snapshot = lookups.latest(document)
    return reading.contracts(snapshot)[:20] if snapshot is not None else []


def place_of(contract: ContractRead) -> str:
    """`Parque dos Ipês · Bloco B, Apto 1204`."""
    return " · ".join(part for part in (contract.project, contract.unit) if part)


def _footer(found: ContractRead) -> str:
    creditor = found.creditor
    phone = company.get(wording.PHONE)
    return composing.footer(creditor.name, creditor.cnpj, creditor.address, phone)


def _customer_name(document: str) -> str:
    snapshot = lookups.latest(document)
    known = reading.customer(snapshot) if snapshot is not None else None
    return known.name if known else ""


def _summary(conversation: Conversation, document: str, bill: str) -> Reply:
    """The contract in figures, and the question whether they want proposals."""
    found = next((one for one in contracts_of(document) if str(one.bill_id) == bill), None)
    if found is None or found.blocked:
        return _person(conversation, N_("o contrato tem um impedimento: só uma pessoa atende"))
    text = summary_text(found, _customer_name(document))
    if not debt_from(found.statement).total:
        return Reply(text, partial(go, conversation.id, "", document=document))
    keep = partial(go, conversation.id, SUMMARY, document=document, bill=bill)
    return Reply(text, keep)


def summary_text(found: ContractRead, customer: str) -> str:
    """The company's summary of a contract, filled."""
    told, debt = found.statement, debt_from(found.statement)
    coming = told.sum(Status.SOON, Status.FUTURE)
    oldest = min((line.due for line in debt.lines if line.due), default=None)
    following = told.next_due
    values = {
        "primeiro_nome": composing.first_name(customer),
        "unidade": place_of(found),
        "data_base": day(told.day),
        "qtd_pagas": str(told.paid.count),
        "valor_pago": brl(told.paid.amount),
        "qtd_vencidas": str(len(debt.lines)),
        "mais_antiga": f" (a mais antiga venceu em {day(oldest)})" if oldest else "",
        "principal": brl(debt.principal),
        "multa": brl(debt.fine),
        "juros": brl(debt.interest),
        "total_vencido": brl(debt.total),
        "qtd_a_vencer": str(coming.count),
        "proxima": sentences.next_due(day(following.instalment.due), brl(following.total))
        if following
        else "",
        "rodape": _footer(found),
        "convite": sentences.INVITE if debt.total else sentences.NOTHING_DUE,
    }
    return texts.fill(company.get(wording.SUMMARY), values)


def _proposals(conversation: Conversation, talk: DebtTalk) -> Reply:
    """A worker makes and sends them, in the name of who answers for the bot's; else a person."""
    if offering.responsible() is None:
        return _person(conversation, N_("o cliente quer propostas: simule e envie"))
    document, bill = talk.document, talk.bill

    def keep() -> None:
        go(conversation.id, PREPARING, document=document, bill=bill)
        on_commit(partial(wake_offering, conversation.id))

    return Reply(sentences.PREPARE, keep)


def wake_offering(conversation_id: int) -> None:
    """Ask a worker to make the proposals."""
    enqueue("jobs.assistant.offer_debts", conversation_id, queue="assistant")


def offer(conversation_id: int) -> None:
    """A worker's turn: simulate under the policy, freeze, send; what cannot be is a person's."""
    talk = db.session.get(DebtTalk, conversation_id, populate_existing=True)
    if talk is None or talk.step != PREPARING:
        return
    document, bill = talk.document, talk.bill
    try:
        offering.for_bot(conversation_id, document, bill)
    except GuicheError as fault:
        log.warning("bot_offers_nothing", conversation_id=conversation_id, reason=fault.message)
        why = N_("o cliente quer propostas, e o robô não pôde enviar")
        _leave(conversation_id, document, f"{why}: {fault.message}")
        return
    with atomic():
        desk.locked(conversation_id)
        go(conversation_id, "", document=document, bill=bill)


def _leave(conversation_id: int, document: str, why: str) -> None:
    with atomic():
        conversation = desk.locked(conversation_id)
        go(conversation_id, "", document=document)
        if conversation.owner_kind == "bot":
            version = conversation.owner_version
            desk.reply(conversation_id, Author(owner_version=version), sentences.PERSON_TEXT)
            call_people(conversation, why)


def redrive() -> None:
    """Make the proposals that a lost job left unmade."""
    patience = timedelta(seconds=max(30.0, current_settings().sweep_after_seconds))
    left = select(DebtTalk.conversation_id).where(
        DebtTalk.step == PREPARING, DebtTalk.updated_at < clock.now() - patience
    )
    for conversation_id in db.session.scalars(left.limit(100)).all():
        wake_offering(conversation_id)
