"""Keeping simulations, and freezing offers from them; with `approval` the only writers of both."""

from datetime import date
from functools import partial
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from app import clock
from app.accounts import audit
from app.accounts.models import User
from app.debts.engine.approval import may_grant
from app.debts.engine.freezing import content_hash
from app.debts.simulations import approval, hooks, live, policies, subjects
from app.debts.simulations.computing import Card, Result, compute
from app.debts.simulations.content import hash_of, plain
from app.debts.simulations.inputs import LABELS, Faults, Inputs
from app.debts.simulations.models import APPROVED, UNSENT, WAITING, DebtOffer, Simulation
from app.debts.simulations.subjects import Subject
from app.errors import Conflict, GuicheError, NotFound
from app.extensions import db
from app.transactions import atomic, on_commit
from app.words import said

LONGEST_NAME = 80


def today() -> date:
    """The day it is for the company."""
    return clock.now().astimezone(clock.COMPANY_ZONE).date()


def subject_of(snapshot_id: int, bill: str) -> Subject:
    """The contract as a snapshot tells it. Raises NotFound."""
    return subjects.find(snapshot_id, bill)


def result_of(subject: Subject, inputs: Inputs, viewer: User) -> Result:
    """What these inputs give today, for this person."""
    return compute(
        subject,
        inputs,
        policies.of(inputs.policy_id),
        today(),
        history=hooks.history(subject.erp, subject.bill),
        legal=viewer.legal,
    )


def keep(actor: User, subject: Subject, inputs: Inputs, name: str) -> Simulation:
    """A new simulation under a name."""
    result = result_of(subject, inputs, actor)
    _without_faults(result)
    now = clock.now()
    with atomic():
        kept = Simulation(
            snapshot_id=subject.snapshot_id,
            erp=subject.erp,
            customer=subject.customer,
            bill=subject.bill,
            about=subject.about,
            name=_named(name),
            author_id=actor.id,
            created_at=now,
            updated_at=now,
            **_computed(result),
        )
        kept.author = actor
        db.session.add(kept)
        db.session.flush()
        _kept(kept)
    return kept


def change(
    actor: User, simulation_id: int, subject: Subject, inputs: Inputs, name: str = ""
) -> Simulation:
    """Keep other inputs, and another name where one is given; only its author may."""
    result = result_of(subject, inputs, actor)
    _without_faults(result)
    with atomic():
        kept = _own(actor, simulation_id)
        for column, value in _computed(result).items():
            setattr(kept, column, value)
        kept.name = _named(name) if name else kept.name
        kept.snapshot_id = subject.snapshot_id
        _changed(kept)
    return kept


def rename(actor: User, simulation_id: int, name: str) -> Simulation:
    """Another name; only its author may."""
    with atomic():
        kept = _own(actor, simulation_id)
        kept.name = _named(name)
        _changed(kept)
    return kept


def duplicate(actor: User, simulation_id: int, name: str = "") -> Simulation:
    """The same inputs as a simulation of this person's own."""
    source = find(simulation_id)
    subject = subjects.present(source.snapshot_id, source.bill)
    own_name = name or _("%(name)s (cópia)", name=source.name[: LONGEST_NAME - 10])
    return keep(actor, subject, Inputs.of(source.inputs), own_name)


def create_offer(
    actor: User,
    simulation_id: int,
    *,
    note: str = "",
    minutes: str = "",
    contact_id: int | None = None,
    conversation_id: int | None = None,
) -> DebtOffer:
    """Freeze a simulation's proposals as they come out now: approved when its author may grant
    them, else waiting for who may. Whatever of this contract was not yet sent is superseded.

    Raises Conflict when something stops it, saying what.
    """
    kept = find(simulation_id)
    subject = subjects.find(kept.snapshot_id, kept.bill)
    result = result_of(subject, Inputs.of(kept.inputs), actor)
    refuse_unless_offerable(result)
    if result.need.minutes and not minutes.strip():
        raise GuicheError(
            _("Acima de 10% do principal quem decide é o conselho: informe a ata."), 422
        )
    content = frozen(result)
    own = may_grant(approval.level_of(actor), result.need)
    with atomic():
        key = func.hashtextextended(f"offer {subject.erp}/{subject.bill}", 0)
        db.session.execute(select(func.pg_advisory_xact_lock(key)))
        _supersede_unsent(actor, subject)
        offer = DebtOffer(
            simulation_id=kept.id,
            snapshot_id=subject.snapshot_id,
            erp=subject.erp,
            customer=subject.customer,
            bill=subject.bill,
            about=subject.about,
            contact_id=contact_id or subject.contact_id,
            conversation_id=conversation_id,
            content=content,
            content_hash=hash_of(content),
            state=APPROVED if own else WAITING,
            issued=result.inputs.day,
            valid_until=result.cards[0].proposal.valid_until,
            author_id=actor.id,
            needed_level=int(result.need.level),
            reasons=[[name, int(level)] for name, level in result.need.reasons],
            minutes=minutes.strip()[:500],
            created_at=clock.now(),
        )
        offer.author, offer.approver = actor, None
        db.session.add(offer)
        db.session.flush()
        approval.happened(offer, actor, "created", note)
        audit.record(actor, "offer.created", "offer", offer.id, after={"state": offer.state})
    return offer


def refuse_unless_offerable(result: Result) -> None:
    """Raises Conflict with every reason why these proposals may not go out."""
    if result.offerable:
        return
    reasons = [said(text) for text in result.stops]
    for card in result.cards:
        reasons += [f"{card.letter}: {one.said(_)}" for one in card.broken]
    raise Conflict(" ".join(dict.fromkeys(reasons)) or _("Não há proposta para oferecer."))


def frozen(result: Result) -> dict[str, Any]:
    """Everything that approval freezes and that sending prints; figures are taken from here."""
    debt, subject = result.debt, result.subject
    if debt is None:
        raise Conflict(_("Não há proposta para oferecer."))
    whole: dict[str, Any] = plain(
        {
            "contract": subject.bill,
            "title": subject.title,
            "customer": subject.customer_name,
            "project": subject.project,
            "creditor": subject.creditor,
            "frame": {"issued": result.inputs.day, "anchor": result.statement.anchor},
            "policy": result.policy,
            "policy_id": result.chosen.id,
            "debt": debt,
            "instalments": [_instalment(result, one) for one in result.ticked_lines],
            "index": result.statement.index,
            "last_index_month": result.statement.last_index_month,
            "warnings": list(result.statement.warnings),
            "notes": result.notes,
            "proposals": [card.proposal for card in result.cards],
            "disclosures": {card.letter: card.shown for card in result.cards},
            "hashes": {
                card.letter: content_hash(card.proposal, debt, result.policy)
                for card in result.cards
            },
        }
    )
    return whole


def _instalment(result: Result, line: Any) -> dict[str, Any]:
    return {
        "id": line.instalment.id,
        "number": line.instalment.number or line.instalment.id,
        "kind": line.instalment.category,
        "due": line.instalment.due,
        "days": line.days,
        "original": line.instalment.original,
        "correction": line.correction,
        "corrected": line.principal,
        "fine": line.fine,
        "interest": line.interest,
        "total": line.total,
    }


def summary(result: Result) -> dict[str, Any]:
    """What lists and comparisons show of a result."""
    debt = result.debt
    found: dict[str, Any] = plain(
        {
            "principal": debt.principal if debt else 0,
            "fine": debt.fine if debt else 0,
            "interest": debt.interest if debt else 0,
            "total": debt.total if debt else 0,
            "instalments": len(debt.lines) if debt else 0,
            "level": int(result.need.level),
            "cards": {card.letter: _card_summary(card) for card in result.cards},
        }
    )
    return found


def _card_summary(card: Card) -> dict[str, Any]:
    one = card.proposal
    return {
        "discount": one.discount,
        "entry": one.entry,
        "count": len(one.lines),
        "first": one.first or 0,
        "last": one.last or 0,
        "plan_interest": one.plan_interest,
        "total": one.total,
        "cost": card.shown.dated_cost,
        "valid_until": one.valid_until,
        "last_due": one.lines[-1].due if one.lines else one.valid_until,
        "level": int(card.need.level),
        "broken": [breach.rule for breach in card.broken],
    }


def find(simulation_id: int) -> Simulation:
    """A simulation. Raises NotFound."""
    found = db.session.get(Simulation, simulation_id)
    if found is None:
        raise NotFound
    return found


def _own(actor: User, simulation_id: int) -> Simulation:
    query = select(Simulation).where(Simulation.id == simulation_id).with_for_update()
    found = db.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    if found.author_id != actor.id:
        raise Conflict(_("Esta simulação é de outra pessoa: duplique para mudar a sua cópia."))
    return found


def _without_faults(result: Result) -> None:
    if result.faults:
        raise GuicheError(fault_text(result.faults), 422)


def fault_text(faults: Faults) -> str:
    """The first thing that is wrong with what was typed, in a sentence with its place."""
    name, fault = next(iter(faults.items()))
    letter, _dot, field = name.rpartition(".")
    label = LABELS.get(field, "")
    said_so = fault.at(field=said(label)).said(_)
    if letter:
        said_so = f"{letter}, {said_so}"
    return _("Corrija antes de salvar: %(what)s.", what=said_so)


def _named(name: str) -> str:
    plain_name = " ".join(name.replace("\0", "").split())
    if not plain_name:
        raise GuicheError(_("Dê um nome à simulação."), 422)
    if len(plain_name) > LONGEST_NAME:
        raise GuicheError(_("O nome tem até %(most)s letras.", most=LONGEST_NAME), 422)
    return plain_name


def _computed(result: Result) -> dict[str, Any]:
    return {
        "day": result.inputs.day,
        "policy_id": result.chosen.id,
        "policy": result.chosen.label,
        "inputs": result.inputs.stored(),
        "result": summary(result),
    }


def _changed(kept: Simulation) -> None:
    kept.version += 1
    kept.updated_at = clock.now()
    _kept(kept)


def _kept(kept: Simulation) -> None:
    on_commit(partial(live.simulations_changed, kept.erp, kept.bill))


def _supersede_unsent(actor: User, subject: Subject) -> None:
    query = select(DebtOffer).where(
        DebtOffer.erp == subject.erp, DebtOffer.bill == subject.bill, DebtOffer.state.in_(UNSENT)
    )
    for offer in db.session.scalars(query.with_for_update()):
        offer.state = "superseded"
        db.session.flush()
        approval.happened(offer, actor, "superseded")
