"""reports pages."""

from flask import Blueprint, Flask

blueprint = Blueprint("reports", __name__)


def init_app(app: Flask) -> None:
    """Add this feature's pages."""
    app.register_blueprint(blueprint)
