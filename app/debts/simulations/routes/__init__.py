"""The simulator, what was kept, approvals and policies."""

from flask import Flask

from app.accounts import audit_words
from app.debts import tabs
from app.debts.engine.approval import LEVEL_NAMES
from app.debts.engine.offer import NOTES
from app.debts.engine.plans import Method
from app.debts.engine.rules import KIND_NAMES
from app.debts.engine.statement.contract import BLOCK_WORDS, CATEGORY_NAMES
from app.debts.engine.statement.lines import STATUS_NAMES
from app.debts.engine.warnings import WORDS
from app.debts.lookups import hooks as lookups
from app.debts.simulations import hooks, inputs, presenting, sockets, telling, wording
from app.debts.simulations.routes import keeping, offers, policies, simulator
from app.debts.simulations.routes.blueprint import blueprint
from app.words import N_

# Importing the pages and the sockets is what registers them.
__all__ = ["init_app", "keeping", "offers", "policies", "simulator", "sockets"]

_AUDITED = {
    "offer.created": N_("Fez uma oferta de acordo"),
    "offer.approved": N_("Aprovou uma oferta de acordo"),
    "offer.refused": N_("Recusou uma oferta de acordo"),
    "debt_policy.changed": N_("Mudou a política de negociação"),
}
_VALUES = {
    "awaiting_approval": N_("esperando aprovação"),
    "approved": N_("aprovada"),
    "refused": N_("recusada"),
    "superseded": N_("substituída"),
}


def init_app(app: Flask) -> None:
    """Add the pages, and how templates write amounts, levels and states."""
    audit_words.ACTIONS.update(_AUDITED)
    audit_words.ENTITIES.update(
        offer=N_("oferta de acordo"), debt_policy=N_("política de negociação")
    )
    audit_words.FIELDS.setdefault("state", N_("situação"))
    for name, text in _VALUES.items():
        audit_words.VALUES.setdefault(name, text)
    if simulator.contract_action not in lookups.contract_actions:
        lookups.contract_actions.append(simulator.contract_action)
    if telling.offer_changed not in hooks.on_offer:
        hooks.on_offer.append(telling.offer_changed)
    audit_words.FIELDS.update(policies.AUDITED_FIELDS)
    app.register_blueprint(blueprint)
    tabs.add(
        tabs.Tab(20, "simulations.simulations", N_("Simulações")),
        tabs.Tab(30, "simulations.approvals", N_("Aprovações")),
        tabs.Tab(60, "simulations.policy_page", N_("Políticas")),
    )
    app.jinja_env.filters.update(
        reais=presenting.reais,
        per_cent=presenting.per_cent,
        cost_text=presenting.cost_text,
        date_text=presenting.date_text,
        level_text=presenting.level_text,
        in_words=presenting.in_words,
    )
    app.jinja_env.globals.update(
        block_words=BLOCK_WORDS,
        category_names=CATEGORY_NAMES,
        rule_kinds=KIND_NAMES,
        line_statuses=STATUS_NAMES,
        debt_warnings=WORDS,
        offer_notes=NOTES,
        level_names=LEVEL_NAMES,
        debt_reason=presenting.reason_text,
        debt_rows=presenting.debt_rows,
        offer_state=wording.state_name,
        offer_colour=wording.COLOURS.__getitem__,
        offer_event=wording.event_name,
        simulation_methods={one: presenting.METHOD_NAMES[one] for one in inputs.METHODS},
        simulation_modes={one: presenting.MODE_NAMES[one] for one in inputs.MODES},
        equal_split=Method.EQUAL,
    )
