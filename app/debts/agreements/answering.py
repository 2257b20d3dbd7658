"""What an answer leads to: an agreement, a question back, a person."""

from flask_babel import gettext as _

from app.accounts.models import User
from app.company import service as company
from app.conversations import service as desk
from app.conversations.models import Conversation, Message
from app.conversations.service.replies import say
from app.conversations.threads import note_event
from app.debts.agreements import (
    accepting,
    answers,
    approaching,
    identification,
    identity,
    live,
    recording,
    talking,
    texts,
    tokens,
)
from app.debts.agreements.accepting import Acceptance
from app.debts.agreements.answers import Meaning, Reading
from app.debts.agreements.frozen import document_of, figures_of
from app.debts.agreements.models import DebtTalk
from app.debts.agreements.saying import composing, sentences, wording
from app.debts.simulations.models import DebtOffer
from app.errors import Conflict, GuicheError
from app.extensions import current_settings, db
from app.forwarding.service import call_people
from app.transactions import atomic, on_commit
from app.words import N_

IDENTITY = "identity"
# What customers read is the company's own language, whatever the screens speak.
NOT_PROVEN = N_("a identidade não pôde ser confirmada por este canal")
NOT_CONFIRMED = N_("a identidade não foi confirmada em três tentativas")
NOT_CONFIRMED = N_("a identidade não foi confirmada em três tentativas")
NOT_SETTLED = N_("a resposta à proposta não pôde ser tratada")


def answer(conversation: Conversation, message: Message, offer_id: int | None) -> str:
    """Do what a noted message asks for; a word for what came of it."""
    is_proven = not (message.payload or {}).get("unproven")
    talk = db.session.get(DebtTalk, conversation.id, populate_existing=True)
    if talk is not None and talk.step == IDENTITY:
        if identity.is_not_me(message.body):
            return _not_me(conversation, talk)
        proof = identity.read(message.body)
        if proof is not None:
            if not is_proven:
                return _by_another_way(conversation, None)
            return _check(conversation, message, talk, proof)
    if offer_id is None:
        return "nothing"
    offer = db.session.get_one(DebtOffer, offer_id, populate_existing=True)
    reading = answers.read(message.body, figures_of(offer).letters)
    if reading is None:
        return "nothing"
    if not is_proven:
        return _by_another_way(conversation, offer)
    return _to_offer(conversation, message, offer, reading)


def _to_offer(
    conversation: Conversation, message: Message, offer: DebtOffer, reading: Reading
) -> str:
    if reading.meaning is Meaning.REVIEW:
        return _review(conversation, offer)
    if offer.state == "accepted":
        return _already(conversation, offer, reading)
    if reading.meaning is Meaning.REFUSAL:
        return _declined(conversation, offer)
    document = document_of(offer)
    found = identification.in_force(conversation)
    if found is None or found.document != document:
        ask_identity(conversation.id, document, offer_id=offer.id)
        return "identity_asked"
    if reading.meaning is not Meaning.CHOICE:
        return _ask_which(conversation, offer)
    return _accept(conversation, message, offer, reading.letter)


def _accept(conversation: Conversation, message: Message, offer: DebtOffer, letter: str) -> str:
    proof = {
        "text": message.body,
        "message": message.provider_id or "",
        "name": conversation.contact.name,
        "identity": sentences.BY_MESSAGE_PROOF,
    }
    try:
        accepting.accept(offer.id, Acceptance(letter, "message", proof, message.id))
    except GuicheError as fault:
        with atomic():
            talk = desk.locked(conversation.id)
            say(talk, str(fault.message), "proposal")
        return "refused"
    with atomic():
        _reset(conversation.id)
        desk.locked(conversation.id).waiting_since = None
    return "accepted"


def _already(conversation: Conversation, offer: DebtOffer, reading: Reading) -> str:
    """The same letter again was confirmed already; another one is for a person."""
    agreement = accepting.of_offer(offer.id)
    if agreement is None or reading.meaning is not Meaning.CHOICE:
        return "nothing"
    if reading.letter == agreement.option:
        return "repeated"
    with atomic():
        leave_to_people(desk.locked(conversation.id), N_("o cliente quer trocar a opção aceita"))
    return "other_letter"


def _ask_which(conversation: Conversation, offer: DebtOffer) -> str:
    """Asked twice, the third time a person answers."""
    letters = list(figures_of(offer).letters)
    told = f"{', '.join(letters[:-1])} ou {letters[-1]}" if len(letters) > 1 else letters[0]
    with atomic():
        talk = desk.locked(conversation.id)
        state = _state(conversation.id)
        state.misunderstandings += 1
        state.version += 1
        if state.misunderstandings > 2:
            leave_to_people(talk, N_("a resposta à proposta não ficou clara"), sentences.TO_PERSON)
            return "to_person"
        say(talk, sentences.ASK_WHICH.format(letters=told), "proposal")
    return "asked"


def _declined(conversation: Conversation, offer: DebtOffer) -> str:
    with atomic():
        talk = desk.locked(conversation.id)
        note_event(talk, "offer_declined", offer=offer.id)
        leave_to_people(talk, N_("o cliente recusou as propostas"), sentences.DECLINED)
        on_commit(lambda: live.offer_changed(offer.id, conversation.id))
    return "declined"


def _review(conversation: Conversation, offer: DebtOffer) -> str:
    with atomic():
        talk = desk.locked(conversation.id)
        agreement = accepting.of_offer(offer.id)
        if agreement is not None:
            agreement = recording.locked(agreement.id)
            recording.happened(agreement, "review_asked", recording.CUSTOMER, way="message")
            figures = [[_("Acordo"), agreement.number]]
            recording.open_task("review", _("Rever o acordo com o cliente"), figures, agreement)
        leave_to_people(talk, N_("o cliente quer rever a proposta"), sentences.REVIEW)
    return "review"


def _by_another_way(conversation: Conversation, offer: DebtOffer | None) -> str:
    """What came by an address without a secret proves nothing."""
    with atomic():
        talk = desk.locked(conversation.id)
        note_event(talk, "answer_not_proven")
        if offer is not None:
            say(talk, sentences.BY_PAGE.format(link=tokens.address_of(offer.id)), "proposal")
        else:
            leave_to_people(
                talk, N_("a identidade não pôde ser confirmada por este canal"), sentences.TO_PERSON
            )
    return "unproven"


def _check(
    conversation: Conversation, message: Message, talk: DebtTalk, proof: identity.Proof
) -> str:
    """Three tries a day, then a person; the answer never says what was wrong."""
    document, offer_id, by_bot = talk.document, talk.offer_id, talk.by_id is None
    verdict = identification.check(f"contact:{conversation.contact_id}", document, proof)
    with atomic():
        desk.lock_contact_of(conversation.id)
        locked = desk.locked(conversation.id)
        if verdict == identification.RIGHT:
            identification.confirm(locked, document, "answer", message_id=message.id)
            note_event(locked, "identity_confirmed")
            talking.go(locked.id, "", document=document, offer_id=offer_id)
        elif verdict == identification.SPENT or not identification.tries_left(
            f"contact:{conversation.contact_id}"
        ):
            talking.go(locked.id, "", document="")
            note_event(locked, "identity_failed")
            leave_to_people(
                locked,
                N_("a identidade não foi confirmada em três tentativas"),
                sentences.TO_PERSON,
            )
            return "spent"
        else:
            say(locked, sentences.ASK_AGAIN, "confirmation")
            return "wrong"
    return _go_on(conversation.id, document, offer_id, by_bot)


def _go_on(conversation_id: int, document: str, offer_id: int | None, by_bot: bool) -> str:
    """After the identity: back to the offer, on with the bot, or thanks."""
    if offer_id is not None:
        with atomic():
            talk = desk.locked(conversation_id)
            offer = db.session.get_one(DebtOffer, offer_id)
            letters = list(figures_of(offer).letters)
            told = f"{', '.join(letters[:-1])} ou {letters[-1]}" if len(letters) > 1 else letters[0]
            name = composing.first_name(figures_of(offer).customer)
            say(
                talk,
                sentences.CONFIRMED.format(name=name)
                + " "
                + sentences.ASK_WHICH.format(letters=told),
                "proposal",
            )
        return "identified"
    if by_bot and talking.offers_units(conversation_id, document):
        return "identified"
    with atomic():
        talk = desk.locked(conversation_id)
        name = composing.first_name(identification.holder_of(document) or talk.contact.name)
        say(talk, sentences.CONFIRMED.format(name=name), "confirmation")
    return "identified"


def _not_me(conversation: Conversation, talk: DebtTalk) -> str:
    document = talk.document
    with atomic():
        desk.lock_contact_of(conversation.id)
        locked = desk.locked(conversation.id)
        identification.not_the_holder(locked, document)
        talking.go(locked.id, "", document="")
        note_event(locked, "not_the_holder")
        say(locked, sentences.NOT_HOLDER, "confirmation")
        locked.waiting_since = None
    return "not_me"


def ask_identity(
    conversation_id: int, document: str, *, by: User | None = None, offer_id: int | None = None
) -> None:
    """Ask who it is, without a word about the debt. Raises Conflict where one may not write."""
    with atomic():
        desk.lock_contact_of(conversation_id)
        talk = desk.locked(conversation_id)
        approach = approaching.of_conversation(talk, document, names_debt=False)
        approaching.require(approach)
        if not identification.tries_left(f"contact:{talk.contact_id}"):
            raise Conflict(_("As três tentativas de hoje acabaram: confirme de outro modo."))
        if talk.status != "open":
            raise Conflict(_("A conversa está encerrada. Reabra para escrever."))
        message = say(talk, identity_text(talk, by), "confirmation")
        approaching.note(approach, talk.contact_id, document, "identity", message.id)
        talking.go(
            conversation_id, IDENTITY, document=document, offer_id=offer_id,
            by_id=by.id if by else None,
        )  # fmt: skip
        note_event(talk, "identity_asked", by)
        on_commit(lambda: live.conversation_changed(conversation_id))


def identity_text(conversation: Conversation, by: User | None) -> str:
    """The question, in the company's words."""
    phone, site = company.get(wording.PHONE), company.get(wording.SITE)
    ways = [f"Ligue {phone}" if phone else "", f"acesse {site}" if site else ""]
    told = " ou ".join(way for way in ways if way)
    check = f"{told[:1].upper()}{told[1:]} antes de responder." if told else (
        "Fale com a empresa pelo telefone do seu contrato antes de responder."
    )  # fmt: skip
    name = conversation.contact.name
    values = {
        "atendente": by.name.split()[0] if by else "o assistente virtual",
        "empresa": current_settings().company_name,
        "primeiro_nome": composing.first_name(name) if name.strip() else "o titular",
        "telefone_oficial": phone,
        "site_oficial": site,
        "como_conferir": check,
    }
    return texts.fill(company.get(wording.IDENTITY), values)


def leave_to_people(conversation: Conversation, reason: str, text: str = "") -> None:
    """The bot steps back from a locked conversation, saying why; a person's own stays theirs."""
    if text:
        say(conversation, text, "proposal")
    if conversation.owner_kind == "bot":
        call_people(conversation, reason)


def _state(conversation_id: int) -> DebtTalk:
    found = db.session.get(DebtTalk, conversation_id, with_for_update=True, populate_existing=True)
    if found is None:
        talking.go(conversation_id, "")
        found = db.session.get_one(DebtTalk, conversation_id, populate_existing=True)
    return found


def _reset(conversation_id: int) -> None:
    talk = db.session.get(DebtTalk, conversation_id, populate_existing=True)
    if talk is not None:
        talk.step, talk.misunderstandings, talk.version = "", 0, talk.version + 1
