"""The pages of intake, and the place where its addresses are added."""

from flask import Blueprint, Flask

from app.intake.api import webhooks
from app.integrations import models  # noqa: F401  # the ledger's table

blueprint = Blueprint("intake", __name__)


def init_app(app: Flask) -> None:
    """Add this feature's pages and the providers' addresses."""
    app.register_blueprint(blueprint)
    app.register_blueprint(webhooks)
