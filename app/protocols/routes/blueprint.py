"""The addresses of the pages: `/protocolos` itself is the API's, as its callers know it."""

from flask import Blueprint

blueprint = Blueprint("protocols", __name__, url_prefix="/protocolos/lista")
ONE = "/<int:number>"
