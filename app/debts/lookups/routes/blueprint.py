"""Where the pages of look-ups live."""

from flask import Blueprint

blueprint = Blueprint("debts", __name__, url_prefix="/financeiro")
CUSTOMER = "/clientes/<mark>"
