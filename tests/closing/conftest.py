"""What the tests of closing share."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.company import service as company
from app.company.fields import sections
from tests.cast import Cast
from tests.telling import conversation, person, received, tell


@pytest.fixture
def talk(app: Flask, client: FlaskClient, channel: int) -> int:
    """A conversation that the bot owns; its id."""
    tell(client, received("Oi"))
    with app.app_context():
        return conversation().id


@pytest.fixture
def decides(app: Flask, cast: Cast) -> Callable[..., None]:
    """What Gisele saves in the settings: `decides("closing", closing_reason="required")`."""

    def decide(section: str, **values: str) -> None:
        with app.app_context():
            present = {
                key: str(value) if value is not False else ""
                for key, value in company.present(sections[section]).items()
            }
            company.change(person(cast.gisele), section, present | values)

    return decide
