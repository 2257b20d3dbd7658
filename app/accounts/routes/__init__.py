"""The pages of the staff's accounts and of their administration."""

from flask import Flask

from app.accounts import api, commands, presenting, sessions, watch
from app.accounts.routes import audit, entrance, own_account, presence, staff, tokens
from app.accounts.routes.blueprint import blueprint

__all__ = ["audit", "entrance", "init_app", "own_account", "presence", "staff", "tokens"]


def init_app(app: Flask) -> None:
    """Add this feature's pages, its JSON, its commands and the watch over the sockets."""
    sessions.init_app(app)
    watch.init_app(app)
    presenting.init_app(app)
    commands.init_app(app)
    app.register_blueprint(blueprint)
    app.register_blueprint(api.blueprint)
