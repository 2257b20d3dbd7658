"""intake pages."""

from flask import Blueprint, Flask

from app.intake import models  # noqa: F401

blueprint = Blueprint("intake", __name__)


def init_app(app: Flask) -> None:
    """Add this feature's pages."""
    app.register_blueprint(blueprint)
from app.integrations import models  # noqa: F401
