"""Sending an approved offer in its conversation: the text, its paper, and the rules before both."""

import hashlib
from dataclasses import dataclass
from functools import partial
from io import BytesIO

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.company import service as company
from app.conversations import service as desk
from app.conversations.models import Conversation
from app.conversations.service import Author
from app.conversations.threads import note_event
from app.debts.agreements import approaching, conduct, live, texts, tokens
from app.debts.agreements.conduct import Approach
from app.debts.agreements.figures import Figures
from app.debts.agreements.frozen import document_of, figures_of
from app.debts.agreements.models import Agreement, OfferSending
from app.debts.agreements.saying import composing, papers, wording
from app.debts.lookups import service as lookups
from app.debts.simulations import approval
from app.debts.simulations.content import hash_of
from app.debts.simulations.models import DebtOffer
from app.errors import Conflict, GuicheError, NotFound
from app.extensions import current_settings, db
from app.media import service as media
from app.transactions import atomic, on_commit

SENDABLE = ("approved", "sent")


@dataclass(frozen=True, slots=True)
class Preview:
    """What would leave now, and what stands in the way, in words."""

    text: str
    refusals: tuple[str, ...]


def find(offer_id: int) -> DebtOffer:
    """An offer. Raises NotFound."""
    found = db.session.get(DebtOffer, offer_id)
    if found is None:
        raise NotFound
    return found


def text_of(figures: Figures) -> str:
    """The message with the proposals, word by word. Raises Conflict when it cannot be said.

    Without its opening where it would be too long for WhatsApp otherwise.
    """
    opening = company.get(wording.OPENINGS[wording.stage(figures.oldest_days)])
    link = tokens.address_of(figures.offer_id)
    template = company.get(wording.PROPOSALS)
    if not all(one.adds_up for one in figures.options) or not figures.options:
        raise Conflict(_("Os valores da proposta não fecham ao centavo: ela não pode ser enviada."))
    for said in (opening, ""):
        values = composing.proposal_values(figures, said, link)
        filled = _filled(template, values)
        if len(filled) <= texts.LONGEST:
            return filled
    raise Conflict(
        _(
            "A mensagem passa de %(most)s letras: encurte o texto em Configurações.",
            most=texts.LONGEST,
        )
    )


def _filled(template: str, values: dict[str, str]) -> str:
    empty = [name for name in ("razao_social", "cnpj", "endereco", "email_oficial")
             if name in texts.variables(template) and not values.get(name)]  # fmt: skip
    if empty:
        raise Conflict(_("Falta %(name)s da credora: complete o cadastro antes de enviar.",
                         name=", ".join(empty)))  # fmt: skip
    try:
        return texts.fill(template, values)
    except texts.Unfilled as fault:
        raise Conflict(
            _("O texto usa {{%(name)s}}, que não existe.", name=fault.names[0])
        ) from None


def hash_of_text(text: str) -> str:
    """What is kept beside the message: SHA-256 of the words that left."""
    return hashlib.sha256(text.encode()).hexdigest()


def preview(offer: DebtOffer, conversation: Conversation) -> Preview:
    """What would be sent here now, and everything that forbids it; reads only."""
    found = list(why_not(offer))
    refusals = conduct.refusals(_approach(offer, conversation))
    found += [approaching.sentence(one) for one in refusals]
    if conversation.status != "open":
        found.append(_("A conversa está encerrada. Reabra para enviar."))
    try:
        text = text_of(figures_of(offer))
    except GuicheError as fault:
        text = ""
        found.append(str(fault.message))
    return Preview(text, tuple(found))


def why_not(offer: DebtOffer) -> list[str]:
    """What keeps an offer itself from being sent, whatever the way."""
    found = []
    if offer.state == "awaiting_approval":
        found.append(_("A oferta ainda espera aprovação."))
    elif offer.state not in SENDABLE:
        found.append(_("Esta oferta não pode mais ser enviada."))
    if hash_of(offer.content) != offer.content_hash:
        found.append(_("O conteúdo não é mais o que foi aprovado: faça uma nova oferta."))
    if active_agreement(offer.erp, offer.bill) is not None:
        found.append(_("O contrato já tem um acordo vigente."))
    stale = lookups.why_not_send(document_of(offer))
    if stale:
        found.append(stale)
    return found


def active_agreement(erp: str, bill: str) -> Agreement | None:
    """The agreement of a contract that is accepted or in force."""
    query = select(Agreement).where(
        Agreement.erp == erp, Agreement.bill == bill, Agreement.state.in_(("accepted", "effective"))
    )
    return db.session.scalar(query.limit(1))


def _approach(offer: DebtOffer, conversation: Conversation) -> Approach:
    return approaching.of_conversation(
        conversation, document_of(offer), bill=offer.bill, valid_until=offer.valid_until
    )


def send_in_conversation(offer_id: int, conversation_id: int, by: User) -> OfferSending:
    """Send an approved offer's text and paper in a conversation; the same again is the same.

    Raises Conflict with every reason why it may not be. Making the paper and storing it come first,
    so that nothing is locked meanwhile.
    """
    offer = find(offer_id)
    figures = figures_of(offer)
    text = text_of(figures)
    conversation = _talk(conversation_id)
    _require(offer, conversation)
    now = clock.now()
    pdf = papers.proposal_paper(figures, current_settings().company_name, now)
    paper = media.keep(BytesIO(pdf), f"proposta-{offer.id}.pdf", "application/pdf", None)
    with atomic():
        desk.lock_contact_of(conversation_id)
        conversation = desk.locked(conversation_id)
        offer = approval.locked(offer_id)
        approach = _require(offer, conversation)
        known = _sent_here(offer_id, conversation_id)
        if known is not None:
            raise Conflict(_("Esta oferta já foi enviada nesta conversa."))
        author = author_for(conversation, by)
        message = desk.reply(conversation_id, author, text, client_key=f"offer-{offer.id}")
        desk.send_kept(conversation_id, author, paper.id, f"offer-{offer.id}-paper")
        sent = OfferSending(
            offer_id=offer.id, way="conversation", conversation_id=conversation_id,
            contact_id=conversation.contact_id, message_id=message.id, by_id=by.id, form="session",
            body=text, text_hash=hash_of_text(text), state="sent", next_try_at=now, created_at=now,
            sent_at=now,
        )  # fmt: skip
        db.session.add(sent)
        note_event(conversation, "offer_sent", by, offer=offer.id)
        document, contact_id = document_of(offer), conversation.contact_id
        approaching.note(approach, contact_id, document, "offer", message.id)
        mark_sent(offer, by, conversation_id, conversation.contact_id, "conversation", message.id)
    return sent


def author_for(conversation: Conversation, by: User | None) -> Author:
    """The person where the conversation is theirs; else the system by its rule."""
    if by is not None and conversation.owner_id == by.id:
        return Author(user=by)
    return Author(rule="proposal", owner_version=conversation.owner_version)


def mark_sent(
    offer: DebtOffer,
    by: User | None,
    conversation_id: int | None,
    contact_id: int | None,
    way: str,
    message_id: int | None,
) -> None:
    """An offer left: its state, its history and every screen follow, in the transaction of it."""
    offer.conversation_id = conversation_id or offer.conversation_id
    offer.contact_id = contact_id or offer.contact_id
    offer.sent_at, offer.sent_how = clock.now(), way
    offer.sent_by_id = by.id if by else None
    offer.sent_message_id = message_id
    if offer.state == "approved":
        offer.state = "sent"
        _supersede_sent(offer, by)
    approval.happened(offer, by or "robô", "sent", way)
    audit.record(by or "robô", "offer.sent", "offer", offer.id, None, {"way": way})
    on_commit(partial(live.offer_changed, offer.id, offer.conversation_id))


def _supersede_sent(offer: DebtOffer, by: User | None) -> None:
    """Of one contract the customer has one offer at a time: the new one takes the older's place."""
    older = db.session.scalars(
        select(DebtOffer)
        .where(
            DebtOffer.erp == offer.erp, DebtOffer.bill == offer.bill, DebtOffer.state == "sent",
            DebtOffer.id != offer.id,
        )
        .with_for_update()
    )  # fmt: skip
    for one in older:
        one.state = "superseded"
        approval.happened(one, by or "robô", "superseded")
        on_commit(partial(live.offer_changed, one.id, one.conversation_id))


def _require(offer: DebtOffer, conversation: Conversation) -> Approach:
    approach, found = _approach(offer, conversation), why_not(offer)
    found += [approaching.sentence(one) for one in conduct.refusals(approach)]
    if found:
        raise Conflict(" ".join(found))
    return approach


def _talk(conversation_id: int) -> Conversation:
    query = (
        select(Conversation)
        .where(Conversation.id == conversation_id)
        .options(joinedload(Conversation.contact))
    )
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def _sent_here(offer_id: int, conversation_id: int) -> OfferSending | None:
    query = select(OfferSending).where(
        OfferSending.offer_id == offer_id, OfferSending.conversation_id == conversation_id
    )
    return db.session.scalar(query.limit(1))
