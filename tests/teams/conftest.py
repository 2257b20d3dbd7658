"""Two teams: Ana attends finance, Bruno sales; Gisele manages and is in neither."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask

from app.channels.models import Channel
from app.company import service as company
from app.extensions import db
from app.teams import service as teams
from app.transactions import atomic
from tests.cast import Cast
from tests.telling import person


@dataclass(frozen=True, slots=True)
class Teams:
    """Ids of the teams."""

    finance: int
    sales: int


@pytest.fixture
def two_teams(app: Flask, cast: Cast) -> Teams:
    """Finance with Ana, sales with Bruno."""
    with app.app_context():
        gisele = person(cast.gisele)
        finance = teams.create(gisele, "Financeiro", "blue").id
        sales = teams.create(gisele, "Vendas", "red").id
        teams.set_members(gisele, finance, [cast.ana])
        teams.set_members(gisele, sales, [cast.bruno])
        return Teams(finance, sales)


@pytest.fixture
def receives(app: Flask, channel: int) -> Callable[[int | None], None]:
    """Give the channel's new conversations to a team: `receives(two_teams.finance)`."""

    def give(team_id: int | None) -> None:
        with app.app_context(), atomic():
            db.session.get_one(Channel, channel).team_id = team_id

    return give


@pytest.fixture
def rule(app: Flask, cast: Cast) -> Callable[[str], None]:
    """Choose what attendants see: `rule("own")`."""

    def choose(value: str) -> None:
        with app.app_context():
            company.change(person(cast.gisele), "visibility", {"visibility": value})

    return choose
