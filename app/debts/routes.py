"""What each room of the debts adds to the application."""

from flask import Flask

from app.debts import commands, tabs
from app.debts.agreements import routes as agreements
from app.debts.api import views as api
from app.debts.lookups import routes as lookups
from app.debts.portfolio.runs import routes as portfolio
from app.debts.simulations import routes as simulations


def init_app(app: Flask) -> None:
    """Add commands, pages and hooks."""
    commands.init_app(app)
    app.jinja_env.globals["debt_tabs"] = tabs.shown
    api.init_app(app)
    lookups.init_app(app)
    portfolio.init_app(app)
    simulations.init_app(app)
    agreements.init_app(app)
