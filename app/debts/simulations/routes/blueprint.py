"""The addresses of simulations, offers and policies."""

from flask import Blueprint

blueprint = Blueprint("simulations", __name__, url_prefix="/financeiro")
CONTRACT = "/consultas/<int:snapshot_id>/titulos/<bill>/simular"
KEPT = "/simulacoes/<int:simulation_id>"
OFFER = "/ofertas/<int:offer_id>"
