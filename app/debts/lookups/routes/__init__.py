"""Financeiro: finding a customer, and what the ERP says that they owe."""

from flask import Flask

from app.accounts import audit_words
from app.accounts.permissions import Permission
from app.debts import tabs
from app.debts.engine.statement.analysis import STATE_NAMES
from app.debts.engine.statement.contract import BLOCK_WORDS, CATEGORY_NAMES
from app.debts.engine.statement.lines import STATUS_NAMES
from app.debts.engine.warnings import WORDS
from app.debts.lookups import connection, presenting, sockets
from app.debts.lookups.routes import erp, pages
from app.debts.lookups.routes.blueprint import blueprint
from app.words import N_, said

# Importing the pages and the sockets is what registers them.
__all__ = ["erp", "init_app", "pages", "sockets"]

_AUDITED = {
    "debts.looked_up": N_("Consultou os débitos"),
    "debts.document_asked": N_("Pediu um documento ao Sienge"),
    "erp.tested": N_("Testou a conexão com o Sienge"),
    "debts.document_shown": N_("Viu o CPF ou CNPJ"),
}


def init_app(app: Flask) -> None:
    """Add the pages, and how templates write amounts, documents and states."""
    audit_words.ACTIONS.update(_AUDITED)
    audit_words.ENTITIES.update(
        {
            "debt_snapshot": N_("consulta ao ERP"),
            "erp_document": N_("documento do Sienge"),
            "erp": N_("ERP"),
        }
    )
    app.register_blueprint(blueprint)
    connection.follow()
    tabs.add(
        tabs.Tab(10, "debts.search_page", N_("Clientes")),
        tabs.Tab(90, "debts.erp_page", N_("Sienge"), Permission.ERP_MANAGE),
    )
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
