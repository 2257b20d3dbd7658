"""conversations pages."""

from flask import Blueprint, Flask

from app.conversations import models  # noqa: F401

blueprint = Blueprint("conversations", __name__)


def init_app(app: Flask) -> None:
    """Add this feature's pages."""
    app.register_blueprint(blueprint)
