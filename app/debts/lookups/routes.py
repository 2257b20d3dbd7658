"""Financeiro: who owes what, as the ERP says it."""

from flask import Flask

from app.accounts import audit_words
from app.debts.lookups import sockets
from app.words import N_

# Importing the sockets is what registers them.
__all__ = ["init_app", "sockets"]

_AUDITED = {"debts.looked_up": N_("Consultou os débitos")}


def init_app(app: Flask) -> None:
    """Add what the audit log calls it."""
    del app
    audit_words.ACTIONS.update(_AUDITED)
    audit_words.ENTITIES.update({"debt_snapshot": N_("consulta ao ERP")})
