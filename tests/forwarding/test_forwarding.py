"""A conversation goes to whose turn it is, or waits in line and is handed out when it can be."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.consultants import queries as roster
from app.consultants import service as consultants
from app.conversations import service as conversations
from app.extensions import db
from app.forwarding import queries
from app.protocols.models import Protocol
from tests.browser_client import as_page
from tests.cast import Cast
from tests.consultants.conftest import Hires
from tests.telling import Login, conversation, messages, person, received, tell

pytestmark = pytest.mark.usefixtures("channel")
Work = Callable[..., int]


@pytest.fixture
def talk(app: Flask, client: FlaskClient, cast: Cast) -> int:
    """A conversation of Ana's; its id."""
    tell(client, received("Quero falar com um consultor"))
    with app.app_context():
        found = conversation()
        conversations.take_over(found.id, person(cast.ana), found.owner_version)
        return found.id


@pytest.fixture
def ana(cast: Cast, login_as: Login) -> FlaskClient:
    return as_page(login_as(cast.ana))


def forward(app: Flask, browser: FlaskClient, talk: int, language: str = "pt-BR") -> str:
    with app.app_context():
        version = str(conversation().owner_version)
    fields = {"versao": version, "idioma": language}
    answer = browser.post(f"/conversas/{talk}/consultor", data=fields)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_without_a_log_in_it_has_no_owner_and_the_bot_is_silent(
    app: Flask, client: FlaskClient, ana: FlaskClient, talk: int, consultant: Hires, work: Work
) -> None:
    consultant("Carla Dias")
    bar = forward(app, ana, talk)
    assert "Com Carla Dias" in bar
    assert "#00001" in bar
    assert "Por que este consultor?" in bar
    assert "única pessoa disponível" in bar
    tell(client, received("Obrigada"))
    work()
    with app.app_context():
        found = conversation()
        assert (found.owner_kind, found.owner_id) == ("nobody", None)
        assert [m.body for m in messages("out") if m.author_kind == "system"] == [
            "Quem vai atender você é Carla Dias. Seu protocolo é #00001."
        ]
        assert messages("out")[-1].author_kind == "system"
        protocol = db.session.query(Protocol).one()
        assert (protocol.conversation_id, protocol.contact_id) == (found.id, found.contact_id)


def test_with_a_log_in_they_become_its_owner(
    app: Flask, ana: FlaskClient, talk: int, cast: Cast, consultant: Hires
) -> None:
    consultant("Bruno Lima", user_id=cast.bruno)
    forward(app, ana, talk)
    with app.app_context():
        assert conversation().owner_id == cast.bruno


def test_who_waits_is_handed_out_as_soon_as_somebody_is_online(
    app: Flask, ana: FlaskClient, talk: int, consultant: Hires, work: Work
) -> None:
    carla = consultant("Carla", online=False)
    bar = forward(app, ana, talk)
    assert "1º em pt-BR" in bar
    assert "Offline" in bar
    work()
    with app.app_context():
        assert roster.open_of(talk) is None
        consultants.set_online("teste", carla, online=True)
    work("live")
    with app.app_context():
        assert roster.open_of(talk).consultant_id == carla
        assert queries.waiting_of(talk) is None


def test_taking_it_over_ends_the_wait(
    app: Flask, ana: FlaskClient, talk: int, cast: Cast, consultant: Hires
) -> None:
    consultant("Carla", online=False)
    forward(app, ana, talk)
    with app.app_context():
        found = conversation()
        conversations.take_over(found.id, person(cast.bruno), found.owner_version)
        assert queries.waiting_of(talk) is None
