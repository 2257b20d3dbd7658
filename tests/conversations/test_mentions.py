"""Calling colleagues in a note: only those who see the conversation, kept by id, told at once."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.conversations import service
from app.conversations.models import Conversation, Message
from app.extensions import db
from tests.cast import Cast
from tests.telling import conversation, messages, received, tell

pytestmark = [pytest.mark.usefixtures("channel")]


@pytest.fixture
def talk(app: Flask, client: FlaskClient) -> int:
    """A conversation; its id."""
    tell(client, received("Oi"))
    with app.app_context():
        return conversation().id


@pytest.fixture
def told() -> Iterator[list[int]]:
    """The ids of whom a higher feature heard of."""
    heard: list[int] = []

    def hear(_: Conversation, __: Message, person: User) -> None:
        heard.append(person.id)

    service.on_mention.append(hear)
    yield heard
    service.on_mention.remove(hear)


def note(browser: FlaskClient, talk: int, text: str, *ids: int) -> int:
    fields = {"texto": text, "nota": "1", "mencoes": ",".join(map(str, ids)), "chave": text}
    return browser.post(f"/conversas/{talk}/mensagens", data=fields).status_code


def test_whom_a_note_names_is_told_once_and_marked(
    app: Flask, talk: int, ana: FlaskClient, cast: Cast, told: list[int]
) -> None:
    for _ in range(2):
        assert note(ana, talk, "@Bruno Lima veja <b>", cast.bruno, cast.gisele, cast.ana) == 200
    assert told == [cast.bruno]
    with app.app_context():
        assert messages("note")[0].payload == {
            "mentions": [{"id": cast.bruno, "name": "Bruno Lima"}]
        }
    page = ana.get(f"/conversas/{talk}").text
    chip = f'<span class="mention" data-mentions="user-{cast.bruno}">@Bruno Lima</span>'
    assert f"{chip} veja &lt;b&gt;" in page


def test_whoever_does_not_see_the_conversation_cannot_be_called(
    app: Flask, talk: int, ana: FlaskClient, cast: Cast, told: list[int]
) -> None:
    assert note(ana, talk, "@Fábio Nunes veja", cast.fabio) == 422
    with app.app_context():
        assert messages("note") == []
    assert told == []
    offered = [each["name"] for each in ana.get(f"/conversas/{talk}/mencionaveis").json or []]
    assert offered == ["Adriana Reis", "Bruno Lima", "Gisele Prado"]


def test_a_name_of_markup_stays_text(app: Flask, talk: int, ana: FlaskClient, cast: Cast) -> None:
    with app.app_context():
        db.session.get_one(User, cast.bruno).name = "<i>Bruno & Cia"
        db.session.commit()
    assert note(ana, talk, "@<i>Bruno & Cia veja", cast.bruno) == 200
    page = ana.get(f"/conversas/{talk}").text
    assert "@&lt;i&gt;Bruno &amp; Cia</span> veja" in page
    assert "<i>Bruno" not in page


def test_a_message_to_the_customer_calls_nobody(
    app: Flask, talk: int, ana: FlaskClient, cast: Cast, told: list[int]
) -> None:
    ana.post(f"/conversas/{talk}/posse", data={"versao": "1"})
    fields = {"texto": "@Bruno Lima", "mencoes": str(cast.bruno)}
    assert ana.post(f"/conversas/{talk}/mensagens", data=fields).status_code == 200
    assert told == []
