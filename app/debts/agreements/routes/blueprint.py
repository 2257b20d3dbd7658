"""The addresses: staff's under `/financeiro`, customers' at `/proposta`."""

from flask import Blueprint

blueprint = Blueprint("agreements", __name__, url_prefix="/financeiro")
customers = Blueprint("proposal", __name__, url_prefix="/proposta")
