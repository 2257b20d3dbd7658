"""The customer's page: behind a signed link and the identity check, the proposals and the answer.

It says nothing of a debt, a unit or a name before the check, and the same words to everybody.
"""

from datetime import datetime, timedelta

from flask import Response, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app import clock
from app.accounts.access import public
from app.company import service as company
from app.debts.agreements import (
    accepting,
    identification,
    identity,
    queries,
    sending,
    tokens,
    viewing,
)
from app.debts.agreements.accepting import Acceptance
from app.debts.agreements.frozen import document_of, figures_of
from app.debts.agreements.models import Agreement
from app.debts.agreements.routes.agreements import as_calendar, paper
from app.debts.agreements.routes.blueprint import customers
from app.debts.agreements.saying import papers, sentences, wording
from app.debts.simulations.models import DebtOffer
from app.errors import GuicheError, NotFound
from app.extensions import client_address, current_settings, db, limiter

ONE = "/<token>"
SEEN = "proposals_seen"  # in the browser's session: which offers it was let into, until when
LASTS = timedelta(minutes=30)
WHY = "a customer opens it from the link that was sent; the identity check is on the page"


@customers.get(ONE)
@public(WHY)
@limiter.limit("60 per minute")
def page(token: str) -> Response:
    """The check, the proposals, or what was agreed."""
    offer = _offer(token)
    if not _is_known(offer):
        return _ask(token, offer)
    if _is_over(offer):
        return _over()
    viewing.seen(offer.id)
    return _shown(token, offer)


@customers.post(ONE + "/identidade")
@public(WHY)
@limiter.limit("10 per minute")
def prove(token: str) -> Response | BaseResponse:
    """Three tries a day; the answer never says what was wrong."""
    offer = _offer(token)
    proof = _proof()
    subject = identification.subject_of(offer.contact_id, offer.id)
    if proof is None:
        return _ask(token, offer, wrong=True)
    verdict = identification.check(subject, document_of(offer), proof)
    if verdict == identification.RIGHT:
        known = {key: value for key, value in session.get(SEEN, {}).items() if key != str(offer.id)}
        session[SEEN] = dict(list(known.items())[-4:]) | {str(offer.id): clock.now().isoformat()}
        return redirect(url_for("proposal.page", token=token))
    if not identification.tries_left(subject):
        viewing.not_proved(offer.id)
    return _ask(token, offer, wrong=True)


@customers.post(ONE + "/aceite")
@public(WHY)
@limiter.limit("10 per minute")
def accept(token: str) -> Response | BaseResponse:
    """One proposal; two clicks are one acceptance."""
    offer = _offer(token)
    if not _is_known(offer):
        return _ask(token, offer)
    letter = request.form.get("opcao", "")
    if not request.form.get("li"):
        return _shown(token, offer, fault=_("Marque que você leu as condições."), letter=letter)
    figures = figures_of(offer)
    proof = {
        "name": figures.customer,
        "identity": sentences.BY_PAGE_PROOF,
        "address": client_address(),
        "browser": request.headers.get("User-Agent", "")[:200],
        "text": sentences.READ_AND_ACCEPTED.format(letter=letter),
    }
    try:
        accepting.accept(offer.id, Acceptance(letter, "page", proof))
    except GuicheError as fault:
        db.session.rollback()
        return _shown(token, _offer(token), fault=str(fault.message), letter=letter)
    return redirect(url_for("proposal.page", token=token))


@customers.get(ONE + "/andamento")
@public(WHY)
@limiter.limit("60 per minute")
def progress(token: str) -> Response:
    """What was agreed, again: the page asks from time to time."""
    offer, agreement = _agreed(token)
    return _private(
        render_template(
            "debts/public/_agreement.html", **_agreement_context(token, offer, agreement)
        )
    )


@customers.get(ONE + "/propostas.pdf")
@public(WHY)
@limiter.limit("20 per minute")
def proposals_paper(token: str) -> Response:
    """The proposals with their whole tables."""
    offer = _offer(token)
    if not _is_known(offer):
        raise NotFound
    pdf = papers.proposal_paper(figures_of(offer), current_settings().company_name, clock.now())
    headers = {"Content-Disposition": f"inline; filename=propostas-{offer.id}.pdf"}
    return Response(pdf, mimetype="application/pdf", headers=headers)


@customers.get(ONE + "/documentos/<int:document_id>")
@public(WHY)
@limiter.limit("20 per minute")
def agreement_paper(token: str, document_id: int) -> Response:
    """The term, a boleto."""
    _offer_found, agreement = _agreed(token)
    return paper(queries.document(agreement.id, document_id))


@customers.get(ONE + "/calendario.ics")
@public(WHY)
@limiter.limit("20 per minute")
def calendar(token: str) -> Response:
    """The due dates for the customer's own calendar."""
    _offer_found, agreement = _agreed(token)
    shown = queries.one(agreement.id).agreement
    return as_calendar(f"Acordo {agreement.number}", [shown], names_who=False)


def _offer(token: str) -> DebtOffer:
    """The offer of a link that we signed and that was sent. Raises NotFound."""
    number = tokens.offer_in(token)
    if number is None:
        raise NotFound
    offer = sending.find(number)
    if offer.state not in ("sent", "accepted", "expired", "superseded"):
        raise NotFound
    return offer


def _agreed(token: str) -> tuple[DebtOffer, Agreement]:
    offer = _offer(token)
    agreement = accepting.of_offer(offer.id)
    if agreement is None or not _is_known(offer):
        raise NotFound
    return offer, agreement


def _is_over(offer: DebtOffer) -> bool:
    if offer.state == "accepted":
        return False
    today = clock.now().astimezone(clock.COMPANY_ZONE).date()
    return offer.state != "sent" or offer.valid_until < today


def _is_known(offer: DebtOffer) -> bool:
    """Whether this browser proved within the last half hour whose offer it is."""
    at = session.get(SEEN, {}).get(str(offer.id))
    return at is not None and clock.now() - datetime.fromisoformat(at) < LASTS


def _proof() -> identity.Proof | None:
    day, month = request.form.get("dia", ""), request.form.get("mes", "")
    digits = request.form.get("digitos", "").strip()
    numbers = [part.strip() for part in (day, month)]
    if not all(part.isascii() and part.isdecimal() and len(part) < 3 for part in numbers):
        return None
    if not (digits.isascii() and digits.isdecimal() and len(digits) == 2):
        return None
    found = identity.Proof(int(numbers[0]), int(numbers[1]), digits)
    return found if 1 <= found.day <= 31 and 1 <= found.month <= 12 else None


def _ask(token: str, offer: DebtOffer, wrong: bool = False) -> Response:
    subject = identification.subject_of(offer.contact_id, offer.id)
    spent = not identification.tries_left(subject)
    text = render_template(
        "debts/public/identity.html", token=token, wrong=wrong, spent=spent, **_own()
    )
    return _private(text, 422 if wrong else 200)


def _over() -> Response:
    return _private(render_template("debts/public/over.html", **_own()), 410)


def _shown(token: str, offer: DebtOffer, fault: str = "", letter: str = "") -> Response:
    agreement = accepting.of_offer(offer.id)
    if agreement is not None:
        context = _agreement_context(token, offer, agreement)
        return _private(render_template("debts/public/agreement.html", **context))
    if _is_over(offer):
        return _over()
    figures = figures_of(offer)
    scale = max((one.amount for each in figures.options for one in each.payments), default=1)
    text = render_template(
        "debts/public/proposals.html", token=token, figures=figures, fault=fault, letter=letter,
        scale=scale, **_own(),
    )  # fmt: skip
    return _private(text, 422 if fault else 200)


def _agreement_context(token: str, offer: DebtOffer, agreement: Agreement) -> dict[str, object]:
    shown = queries.one(agreement.id)
    figures = figures_of(offer)
    return {
        "token": token, "agreement": shown.agreement, "documents": shown.documents,
        "figures": figures, "option": figures.option(agreement.option), **_own(),
    }  # fmt: skip


def _own() -> dict[str, object]:
    return {"phone": company.get(wording.PHONE), "site": company.get(wording.SITE)}


def _private(text: str, status: int = 200) -> Response:
    """Neither kept by the browser nor found by search engines, and nobody learns of its address."""
    answer = make_response(text, status)
    answer.headers["Cache-Control"] = "no-store, private"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
