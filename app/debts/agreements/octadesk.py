"""An offer by Octadesk: its link alone, without a word about the debt, for the page asks who it is.

Within the customer's 24 hours as a message, else by the company's approved template. The row is the
truth: sent once, `uncertain` when it may have arrived, and then only a person sends it again.
"""

from datetime import timedelta
from functools import partial

from flask_babel import gettext as _
from sqlalchemy import or_, select

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.company import service as company
from app.company.fields import Section, Words, register
from app.contacts import ids
from app.contacts.models import Contact
from app.debts.agreements import approaching, conduct, live, places, sending, tokens
from app.debts.agreements.frozen import document_of, figures_of
from app.debts.agreements.models import OfferSending
from app.debts.agreements.saying import composing, sentences
from app.debts.simulations import approval
from app.debts.simulations.models import DebtOffer
from app.errors import Conflict, GuicheError, NotFound
from app.extensions import current_settings, db
from app.integrations import octadesk
from app.integrations.base import IntegrationError, Outcome
from app.queueing import enqueue
from app.transactions import atomic, on_commit
from app.words import N_

LEASE = timedelta(minutes=2)
WAITS = (5, 30, 120)  # seconds; only for what surely never left
ORIGIN = Words("octadesk_origin", N_("Número da empresa no Octadesk"), "", "+551140000000")
TEMPLATE = Words(
    "octadesk_template",
    N_("Modelo aprovado para enviar o link"),
    "",
    N_("O nome do modelo no Octadesk; {{var-1}} é o primeiro nome e {{var-2}} o link."),
)
SECTION = register(Section("octadesk", N_("Octadesk"), "", (ORIGIN, TEMPLATE)))


def is_on() -> bool:
    """Whether offers can go this way."""
    return octadesk.is_configured()


def request(offer_id: int, phone: str, by: User) -> OfferSending:
    """Ask a worker to send it; the same offer to the same number once. Raises Conflict with every
    reason why it may not be."""
    if not is_on():
        raise Conflict(_("O Octadesk não está configurado: preencha OCTADESK_URL e a chave."))
    with atomic():
        offer = approval.locked(offer_id)
        number = _number(offer, phone)
        found = sending.why_not(offer)
        approach = _approach(offer, number)
        found += [approaching.sentence(one) for one in conduct.refusals(approach)]
        if _known(offer_id, number) is not None:
            found.append(_("Esta oferta já foi enviada a este número."))
        if found:
            raise Conflict(" ".join(found))
        figures = figures_of(offer)
        body = sentences.LINK_ONLY.format(
            name=composing.first_name(figures.customer),
            company=current_settings().company_name,
            link=tokens.address_of(offer.id),
        )
        now = clock.now()
        made = OfferSending(
            offer_id=offer.id, way="octadesk", contact_id=offer.contact_id, by_id=by.id,
            address=number, body=body, text_hash=sending.hash_of_text(body), state="queued",
            attempts=0, next_try_at=now, created_at=now, form="template",
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
        if offer.contact_id is not None:
            approaching.note(approach, offer.contact_id, document_of(offer), "offer")
        _announce(made)
        on_commit(partial(_wake, made.id))
    return made


def _approach(offer: DebtOffer, number: str) -> conduct.Approach:
    contact = db.session.get(Contact, offer.contact_id) if offer.contact_id else None
    document = document_of(offer)
    if contact is not None:
        base = approaching.of_contact(
            contact, document, bill=offer.bill, valid_until=offer.valid_until
        )
    else:
        base = conduct.Approach(
            clock.now(), blocks=approaching.blocks_of(document, offer.bill),
            valid_until=offer.valid_until,
        )  # fmt: skip
    return conduct.without_debt(base, places.of_phone(number))


def _number(offer: DebtOffer, typed: str) -> str:
    text = typed.strip()
    if not text and offer.contact_id is not None:
        text = approaching.phone_of(offer.contact_id, None) or ""
    if not text:
        raise GuicheError(_("Digite o telefone do cliente."), 422)
    try:
        return ids.phone(text, fictitious=current_settings().fictitious_data).e164
    except ValueError:
        raise GuicheError(_("O telefone não existe: confira os números."), 422) from None


def _known(offer_id: int, number: str) -> OfferSending | None:
    query = select(OfferSending).where(
        OfferSending.offer_id == offer_id, OfferSending.address == number,
        OfferSending.state != "failed",
    )  # fmt: skip
    return db.session.scalar(query.limit(1))


def deliver(sending_id: int) -> None:
    """A worker's turn: one call, whose outcome is kept whatever it is."""
    begun = _begin(sending_id)
    if begun is None:
        return
    body, number, name, link, subject = begun
    try:
        room, form, template = _send(body, number, name, link, subject)
    except IntegrationError as error:
        _failed(sending_id, error)
    else:
        _sent(sending_id, room, form, template)


def _send(body: str, number: str, name: str, link: str, subject: str) -> tuple[str, str, str]:
    """Free text where the window is open, else the template; the room, the form, the template."""
    try:
        room = octadesk.open_room(number, subject)
        wanted = company.get(TEMPLATE)
        usable = [one for one in octadesk.templates(subject) if wanted in (one.name, one.id)]
    except IntegrationError as error:  # only asked: nothing was sent
        raise IntegrationError(error.message, Outcome.NEVER_LEFT, error.status) from error
    if room is not None:
        octadesk.write(room, body, subject)
        return room, "session", ""
    if not wanted or not usable or not company.get(ORIGIN):
        text = _("Fora das 24 horas só um modelo aprovado pode ser enviado: confira o modelo e o "
                 "número em Configurações.")  # fmt: skip
        raise IntegrationError(text, Outcome.REFUSED)
    variables = {"var-1": name, "var-2": link}
    template = usable[0].id
    opened = octadesk.send_template(company.get(ORIGIN), number, name, template, variables, subject)
    return opened, "template", usable[0].name


def _begin(sending_id: int) -> tuple[str, str, str, str, str] | None:
    now = clock.now()
    with atomic():
        one = _locked(sending_id)
        if one.state == "sending" and one.lease_until and one.lease_until < now:
            one.state, one.error = "uncertain", _("O envio foi interrompido: pode ter saído.")
            one.lease_until = None
            _announce(one)
            return None
        if one.state != "queued" or one.next_try_at > now:
            return None
        one.state, one.lease_until = "sending", now + LEASE
        one.attempts += 1
        _announce(one)
        figures = figures_of(sending.find(one.offer_id))
        name = composing.first_name(figures.customer)
        return one.body, one.address, name, tokens.address_of(one.offer_id), f"offer:{one.offer_id}"


def _sent(sending_id: int, room: str, form: str, template: str) -> None:
    with atomic():
        found = _locked(sending_id)
        offer = approval.locked(found.offer_id)
        found.state, found.sent_at, found.error = "sent", clock.now(), None
        found.room, found.form, found.template, found.lease_until = room, form, template, None
        by = db.session.get(User, found.by_id) if found.by_id else None
        sending.mark_sent(offer, by, None, offer.contact_id, "octadesk", None)
        _announce(found)


def _failed(sending_id: int, error: IntegrationError) -> None:
    with atomic():
        one = _locked(sending_id)
        one.error, one.lease_until = error.message, None
        again = error.outcome is Outcome.NEVER_LEFT or error.status == 429
        if again and one.attempts <= len(WAITS):
            one.state = "queued"
            seconds = WAITS[one.attempts - 1]
            one.next_try_at = clock.now() + timedelta(seconds=seconds)
            on_commit(partial(_wake, one.id, seconds))
        else:
            one.state = "uncertain" if error.outcome is Outcome.UNKNOWN else "failed"
        _announce(one)


def retry(sending_id: int, by: User) -> OfferSending:
    """A person sends it again: they looked whether it had arrived."""
    with atomic():
        one = _locked(sending_id)
        if one.state not in ("failed", "uncertain"):
            raise Conflict(_("Esta oferta já foi enviada ou está saindo."))
        offer = approval.locked(one.offer_id)
        found = sending.why_not(offer)
        if found:
            raise Conflict(" ".join(found))
        one.state, one.attempts, one.error, one.next_try_at = "queued", 0, None, clock.now()
        audit.record(by, "offer.resent", "offer", one.offer_id)
        _announce(one)
        on_commit(partial(_wake, one.id))
    return one


def redrive() -> None:
    """Wake what is due, and settle what a dead worker left as uncertain."""
    now = clock.now()
    patience = timedelta(seconds=current_settings().sweep_after_seconds)
    due = select(OfferSending.id).where(
        OfferSending.way == "octadesk",
        or_(
            (OfferSending.state == "queued") & (OfferSending.next_try_at < now - patience),
            (OfferSending.state == "sending") & (OfferSending.lease_until < now),
        ),
    )
    for sending_id in db.session.scalars(due.order_by(OfferSending.next_try_at).limit(200)).all():
        _wake(sending_id)


def _announce(one: OfferSending) -> None:
    one.version = (one.version or 0) + 1
    on_commit(partial(live.offer_changed, one.offer_id, one.conversation_id))


def _wake(sending_id: int, seconds: float = 0) -> None:
    enqueue("jobs.sync.send_offer", sending_id, queue="sync", delay_seconds=seconds)


def _locked(sending_id: int) -> OfferSending:
    found = db.session.get(OfferSending, sending_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound
    return found
