"""An offer on its way: by which conversation or system, what would be said, and what came of it."""

from typing import Any

from flask import Response, render_template, request

from app import clock
from app.accounts.access import acting_user, requires
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.debts.agreements import acting, octadesk, queries, sending
from app.debts.agreements.frozen import figures_of
from app.debts.agreements.routes.blueprint import blueprint
from app.debts.agreements.saying import papers
from app.debts.simulations.models import DebtOffer
from app.errors import NotFound
from app.extensions import current_settings

ONE = "/ofertas/<int:offer_id>"


@blueprint.get(ONE + "/envio")
@requires(Permission.DEBTS_VIEW)
def envoy(offer_id: int) -> str:
    """How far it is, and the ways there are."""
    shown = queries.envoy(offer_id)
    previews = {one.id: sending.preview(shown.offer, one) for one in shown.conversations}
    figures = figures_of(shown.offer)
    return render_template(
        "debts/agreements/_envoy.html", envoy=shown, offer=shown.offer, previews=previews,
        figures=figures, stops=sending.why_not(shown.offer), octadesk_on=octadesk.is_on(),
    )  # fmt: skip


@blueprint.post(ONE + "/envios")
@requires(Permission.DEBTS_SIMULATE)
def send_offer(offer_id: int) -> str:
    """Send it in a conversation, or by Octadesk."""
    conversation_id = request.form.get("conversa", 0, int)
    if request.form.get("por") == "octadesk":
        octadesk.request(offer_id, request.form.get("telefone", ""), acting_user())
    elif conversation_id:
        sending.send_in_conversation(offer_id, conversation_id, acting_user())
    else:
        raise NotFound
    return envoy(offer_id)


@blueprint.post("/envios/<int:sending_id>/tentativas")
@requires(Permission.DEBTS_SIMULATE)
def retry_sending(sending_id: int) -> str:
    """A person sends again what did not arrive, or may not have."""
    return envoy(octadesk.retry(sending_id, acting_user()).offer_id)


@blueprint.post(ONE + "/aceite")
@requires(Permission.DEBTS_SIMULATE)
def accept_offer(offer_id: int) -> str:
    """The customer accepted by another way."""
    letter, note = request.form.get("opcao", ""), request.form.get("como", "")
    acting.accept_for_customer(offer_id, letter, note, acting_user())
    return envoy(offer_id)


@blueprint.get(ONE + "/propostas.pdf")
@requires(Permission.DEBTS_VIEW)
def offer_paper(offer_id: int) -> Response:
    """The proposals on paper."""
    offer = sending.find(offer_id)
    pdf = papers.proposal_paper(figures_of(offer), current_settings().company_name, clock.now())
    headers = {"Content-Disposition": f"inline; filename=proposta-{offer.id}.pdf"}
    return Response(pdf, mimetype="application/pdf", headers=headers)


def pane(viewer: User, offer: DebtOffer) -> tuple[str, dict[str, Any]] | None:
    """What stands beside an offer that may be sent, or was; loaded by itself."""
    if offer.state in ("awaiting_approval", "draft"):
        return None
    return "debts/agreements/_envoy_pane.html", {"offer_id": offer.id}
