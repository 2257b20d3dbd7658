"""Financeiro: finding a customer, and what the ERP says that they owe."""

from flask import Flask

from app.accounts import audit_words
from app.debts import tabs
from app.debts.engine.statement.analysis import STATE_NAMES
from app.debts.engine.statement.contract import BLOCK_WORDS, CATEGORY_NAMES
from app.debts.engine.statement.lines import STATUS_NAMES
from app.debts.engine.warnings import WORDS
from app.debts.lookups import presenting, sockets
from app.debts.lookups.routes import pages
from app.debts.lookups.routes.blueprint import blueprint
from app.words import N_, said

# Importing the pages and the sockets is what registers them.
__all__ = ["init_app", "pages", "sockets"]

_AUDITED = {
    "debts.looked_up": N_("Consultou os débitos"),
    "debts.document_shown": N_("Viu o CPF ou CNPJ"),
}


def init_app(app: Flask) -> None:
    """Add the pages, and how templates write amounts, documents and states."""
    audit_words.ACTIONS.update(_AUDITED)
    audit_words.ENTITIES.update({"debt_snapshot": N_("consulta ao ERP")})
    app.register_blueprint(blueprint)
    tabs.add(tabs.Tab(10, "debts.search_page", N_("Clientes")))
    app.jinja_env.filters.update(
        debt_money=presenting.money,
        masked_document=presenting.masked,
        band_name=presenting.band_name,
        fault_text=lambda fault: fault.said(said),
        lookup_state=lambda one: said(presenting.STATES[one.state]),
    )
    app.jinja_env.globals.update(
        debt_overdue=presenting.overdue,
        debt_coming=presenting.coming,
        debt_timeline=presenting.timeline,
        debt_causes=presenting.causes,
        lookup_colours=presenting.COLOURS,
        debt_state_names=STATE_NAMES,
        debt_state_colours=presenting.STATE_COLOURS,
        debt_line_colours=presenting.LINE_COLOURS,
        debt_line_names=STATUS_NAMES,
        debt_categories=CATEGORY_NAMES,
        debt_blocks=BLOCK_WORDS,
        debt_warned=WORDS,
    )
