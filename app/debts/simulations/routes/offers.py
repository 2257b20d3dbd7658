"""Aprovações: what waits for me, what was decided, and one offer with its story."""

from typing import Any

from flask import render_template, request

from app.accounts.access import acting_user, requires
from app.accounts.permissions import Permission
from app.debts.engine.affordability import payer_warnings
from app.debts.engine.statement.analysis import analyse
from app.debts.engine.statement.choosing import choosable
from app.debts.engine.statement.lines import Line
from app.debts.simulations import approval, explaining, hooks, queries, subjects
from app.debts.simulations import presenting as words
from app.debts.simulations.content import Frozen, thawed
from app.debts.simulations.models import DebtOffer
from app.debts.simulations.routes.blueprint import OFFER, blueprint
from app.errors import GuicheError, NotFound
from app.web import path_for


@blueprint.get("/aprovacoes")
@requires(Permission.DEBTS_VIEW)
def approvals() -> str:
    """What waits for me, what of mine waits for others, and what was decided."""
    return render_template("debts/simulations/approvals.html", **_approvals())


@blueprint.get("/aprovacoes/lista")
@requires(Permission.DEBTS_VIEW)
def approval_list() -> str:
    """The list alone, for a page that fell behind."""
    return render_template("debts/simulations/_approvals.html", **_approvals())


@blueprint.get(OFFER)
@requires(Permission.DEBTS_VIEW)
def offer_page(offer_id: int) -> str:
    """One offer as it was frozen."""
    return render_template("debts/simulations/offer.html", **_offer(queries.offer(offer_id)))


@blueprint.get(OFFER + "/folha")
@requires(Permission.DEBTS_VIEW)
def offer_sheet(offer_id: int) -> str:
    """The same without the frame, for a page that fell behind."""
    return _sheet(queries.offer(offer_id))


@blueprint.get(OFFER + "/calculo")
@requires(Permission.DEBTS_VIEW)
def offer_calculation(offer_id: int) -> str:
    """How one of its figures came about."""
    offer = queries.offer(offer_id)
    frozen = thawed(offer.content)
    source = explaining.Source(
        frozen.debt,
        frozen.policy,
        frozen.proposals,
        {one.letter: frozen.disclosure(one).dated_cost for one in frozen.proposals},
        _lines(offer, frozen),
    )
    return render_template(
        "debts/simulations/_calculation.html",
        explained=explaining.explain(source, request.args.get("figura", "")),
        opens=path_for("simulations.offer_calculation", offer_id=offer_id),
        asks="get",
    )


@blueprint.post(OFFER + "/aprovacao")
@requires(Permission.DEBTS_VIEW)
def approve(offer_id: int) -> str:
    """Let it be sent."""
    return _decided(offer_id, approval.approve)


@blueprint.post(OFFER + "/recusa")
@requires(Permission.DEBTS_VIEW)
def refuse(offer_id: int) -> str:
    """Keep it from being sent, with a reason."""
    return _decided(offer_id, approval.refuse)


def _decided(offer_id: int, decide: Any) -> str:
    seen, reason = request.form.get("conteudo", ""), request.form.get("motivo", "")
    try:
        decide(acting_user(), offer_id, seen, reason)
    except GuicheError as error:
        return _sheet(queries.offer(offer_id), error=error.message, reason=reason)
    return _sheet(queries.offer(offer_id))


def _sheet(offer: DebtOffer, **more: Any) -> str:
    return render_template("debts/simulations/_offer.html", **_offer(offer), **more)


def _approvals() -> dict[str, Any]:
    viewer = acting_user()
    return {
        "waiting": queries.waiting_for(viewer),
        "own": queries.waiting_of(viewer),
        "decided": queries.decided(),
        "level": approval.level_of(viewer),
        "version": queries.version_of_approvals(),
    }


def _offer(offer: DebtOffer) -> dict[str, Any]:
    frozen, viewer = thawed(offer.content), acting_user()
    panes = [pane(viewer, offer) for pane in hooks.offer_panes]
    return {
        "offer": offer,
        "frozen": frozen,
        "cards": [
            {
                "proposal": one,
                "letter": one.letter,
                "name": words.NAMES[one.letter],
                "rows": words.rows(one, frozen.disclosure(one), frozen.proposals),
                "when": words.when(one),
                "plot": words.plot(one, frozen.proposals),
                "warnings": payer_warnings(one, frozen.debt),
            }
            for one in frozen.proposals
        ],
        "story": queries.story(offer.id),
        "may_decide": approval.may_decide(viewer, offer),
        "panes": [pane for pane in panes if pane is not None],
        "opens": path_for("simulations.offer_calculation", offer_id=offer.id),
        "asks": "get",
    }


def _lines(offer: DebtOffer, frozen: Frozen) -> list[Line]:
    """The statement's lines that were frozen, to be opened; none when the look-up is gone."""
    try:
        subject = subjects.find(offer.snapshot_id, offer.bill)
    except NotFound:
        return []
    statement = analyse(
        subject.contract, subject.instalments, frozen.frame.issued, faults=subject.faults
    )
    frozen_ids = {one["id"] for one in frozen.data["instalments"]}
    return [one for one in choosable(statement) if one.instalment.id in frozen_ids]
