"""Where the pages of the queue live; the API of the old callers has `/consultores` itself."""

from flask import Blueprint

blueprint = Blueprint("consultants", __name__, url_prefix="/fila")
ONE = "/consultores/<int(max=2147483647):consultant_id>"
