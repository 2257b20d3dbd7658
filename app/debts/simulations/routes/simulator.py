"""The simulator: one contract, a form, and three proposals that follow every change of it."""

from typing import Any

from flask import Response, render_template, request

from app.accounts.access import acting_user, requires
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.debts.lookups.models import Snapshot
from app.debts.lookups.reading import ContractRead
from app.debts.simulations import approval, explaining, hooks, policies, queries, service, subjects
from app.debts.simulations import presenting as words
from app.debts.simulations.computing import Result, compute
from app.debts.simulations.inputs import Inputs, as_typed, read
from app.debts.simulations.models import Simulation
from app.debts.simulations.routes.blueprint import CONTRACT, KEPT, blueprint
from app.debts.simulations.subjects import Subject
from app.errors import NotFound
from app.web import path_for


@blueprint.get(CONTRACT)
@requires(Permission.DEBTS_SIMULATE)
def simulator(snapshot_id: int, bill: str) -> str:
    """A simulation as the policy has it, today."""
    subject = subjects.find(snapshot_id, bill)
    chosen = policies.in_force(subject.project)
    inputs = Inputs(service.today(), policy_id=chosen.id)
    return render_template("debts/simulations/simulator.html", **page(subject, inputs))


@blueprint.get(KEPT)
@requires(Permission.DEBTS_VIEW)
def kept_simulation(simulation_id: int) -> str:
    """A simulation that was kept, as it comes out today."""
    kept = service.find(simulation_id)
    subject = subjects.present(kept.snapshot_id, kept.bill)
    shown = page(subject, Inputs.of(kept.inputs), kept)
    return render_template("debts/simulations/simulator.html", **shown)


@blueprint.post(CONTRACT + "/resultado")
@requires(Permission.DEBTS_SIMULATE)
def recompute(snapshot_id: int, bill: str) -> str:
    """What the form gives now: the cards, and beside each field what is wrong with it."""
    result = asked(subjects.find(snapshot_id, bill))
    return render_template("debts/simulations/_recomputed.html", **shown(result))


@blueprint.post(CONTRACT + "/calculo")
@requires(Permission.DEBTS_SIMULATE)
def calculation(snapshot_id: int, bill: str) -> str:
    """How one figure of what the form gives came about."""
    result = asked(subjects.find(snapshot_id, bill))
    if result.debt is None:
        raise NotFound
    found = explaining.explain(source_of(result), request.form.get("figura", ""))
    return render_template(
        "debts/simulations/_calculation.html",
        explained=found,
        opens=path_for("simulations.calculation", snapshot_id=snapshot_id, bill=bill),
        asks="post",
    )


@blueprint.post(CONTRACT + "/comparacao")
@requires(Permission.DEBTS_SIMULATE)
def comparison(snapshot_id: int, bill: str) -> str:
    """What the form gives now beside a simulation that was kept (`com`)."""
    subject = subjects.find(snapshot_id, bill)
    before = service.find(_number("com"))
    if (before.erp, before.bill) != (subject.erp, subject.bill):
        raise NotFound
    now = service.summary(asked(subject))
    return render_template(
        "debts/simulations/_comparison.html",
        before=before,
        now=now,
        table=words.compared(now, before.result),
    )


@blueprint.get(CONTRACT + "/guardadas")
@requires(Permission.DEBTS_VIEW)
def kept_of_contract(snapshot_id: int, bill: str) -> str:
    """What was kept and offered of this contract, for a page that fell behind."""
    subject = subjects.find(snapshot_id, bill)
    return render_template("debts/simulations/_kept.html", subject=subject, **_kept(subject))


def _number(name: str) -> int:
    text = request.form.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def contract_action(
    viewer: User, snapshot: Snapshot, contract: ContractRead
) -> tuple[str, dict[str, Any]] | None:
    """The way from a contract's statement to its simulator."""
    if not viewer.can(Permission.DEBTS_SIMULATE):
        return None
    address = path_for("simulations.simulator", snapshot_id=snapshot.id, bill=str(contract.bill_id))
    return "debts/simulations/_simulate.html", {"address": address}


def asked(subject: Subject) -> Result:
    """What the form that was sent gives, its faults at their fields."""
    inputs, faults = read(request.form.to_dict(flat=False), service.today())
    return compute(
        subject,
        inputs,
        policies.of(inputs.policy_id),
        service.today(),
        history=hooks.history(subject.erp, subject.bill),
        legal=acting_user().legal,
        faults=faults,
    )


def source_of(result: Result) -> explaining.Source:
    """What the figures of a result are explained from."""
    if result.debt is None:
        raise NotFound
    return explaining.Source(
        result.debt,
        result.policy,
        [card.proposal for card in result.cards],
        {card.letter: card.shown.dated_cost for card in result.cards},
        result.ticked_lines,
    )


def page(subject: Subject, inputs: Inputs, kept: Simulation | None = None) -> dict[str, Any]:
    """Everything that the page shows."""
    result = service.result_of(subject, inputs, acting_user())
    choices = policies.choosable(subject.project)
    if result.chosen.id not in {one.id for one in choices}:
        choices.append(result.chosen)
    return {
        **shown(result),
        **_kept(subject),
        "kept": kept,
        "typed": as_typed(inputs),
        "choices": choices,
        "mine": kept is not None and kept.author_id == acting_user().id,
    }


def shown(result: Result) -> dict[str, Any]:
    """The result, with the words that its cards and fields need."""
    proposals = [card.proposal for card in result.cards]
    subject = result.subject
    address = {"snapshot_id": subject.snapshot_id, "bill": subject.bill}
    return {
        "result": result,
        "subject": subject,
        "own_level": approval.level_of(acting_user()),
        "granted": words.granted(result.policy, approval.level_of(acting_user())),
        "cards": [
            {
                "card": card,
                "name": words.NAMES[card.letter],
                "rows": words.rows(card.proposal, card.shown, proposals, card.usual),
                "when": words.when(card.proposal),
                "plot": words.plot(card.proposal, proposals),
            }
            for card in result.cards
        ],
        "base": path_for("simulations.simulator", **address),
        "opens": path_for("simulations.calculation", **address),
        "asks": "post",
    }


def _kept(subject: Subject) -> dict[str, Any]:
    return {
        "kept_ones": queries.kept_of(subject.erp, subject.bill),
        "offers": queries.offers_of(subject.erp, subject.bill),
        "kept_version": queries.version_of(subject.erp, subject.bill),
    }


def redirected(address: str) -> Response:
    """Send the page elsewhere, as htmx understands it."""
    return Response(status=204, headers={"HX-Redirect": address})
