"""Answering one message: it leaves with the provider's reference and is shown on every screen."""

from collections.abc import Callable

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient

from app.conversations import service
from tests.cast import Cast
from tests.telling import conversation, messages, person, received, tell

pytestmark = [pytest.mark.usefixtures("channel")]
Work = Callable[..., int]


@pytest.fixture
def talk(app: Flask, client: FlaskClient, cast: Cast) -> int:
    """A conversation of Ana's that began with WA-IN-QUOTED; its id."""
    tell(client, received("Qual é o prazo?", messageId="WA-IN-QUOTED"))
    tell(client, received("E o valor?"))
    with app.app_context():
        found = conversation()
        service.take_over(found.id, person(cast.ana), found.owner_version)
        return found.id


def first_of(app: Flask, direction: str = "in") -> int:
    with app.app_context():
        return messages(direction)[0].id


def test_the_answer_leaves_with_the_message_it_answers(
    app: Flask, sandbox: str, talk: int, ana: FlaskClient, work: Work
) -> None:
    fields = {"texto": "Sete dias", "citada": str(first_of(app))}
    ana.post(f"/conversas/{talk}/mensagens", data=fields)
    work("outbound")

    left = requests.get(f"{sandbox}/zapi/outbox", timeout=5).json()
    assert [row["body"]["messageId"] for row in left] == ["WA-IN-QUOTED"]
    bubble = ana.get(f"/conversas/{talk}").text.split('id="message-')[-1]
    assert "Marina" in bubble
    assert "Qual é o prazo?" in bubble


def test_only_a_message_of_this_conversation_can_be_quoted(
    app: Flask, client: FlaskClient, talk: int, ana: FlaskClient
) -> None:
    tell(client, received("segredo de outra pessoa", phone="5500900010009"))
    with app.app_context():
        foreign = messages("in")[-1].id
        event = messages("event")[0].id
    for wrong in (foreign, event, 10**12):
        fields = {"texto": "Sete dias", "citada": str(wrong)}
        answer = ana.post(f"/conversas/{talk}/mensagens", data=fields)
        assert (answer.status_code, "segredo" in answer.text) == (422, False)
        assert ana.put(f"/conversas/{talk}/rascunho", data=fields).status_code in (204, 404)
    assert "segredo" not in ana.get(f"/conversas/{talk}").text
    with app.app_context():
        assert messages("out") == []


def test_a_draft_keeps_what_it_answers(app: Flask, talk: int, ana: FlaskClient) -> None:
    fields = {"texto": "Sete", "citada": str(first_of(app))}
    assert ana.put(f"/conversas/{talk}/rascunho", data=fields).status_code == 204
    composer = ana.get(f"/conversas/{talk}").text.split('class="composer-quote"')[1]
    assert "Qual é o prazo?" in composer


def test_a_note_may_point_at_a_message_and_leaves_nowhere(
    app: Flask, sandbox: str, talk: int, ana: FlaskClient, work: Work
) -> None:
    fields = {"texto": "Ver isto", "nota": "1", "citada": str(first_of(app))}
    ana.post(f"/conversas/{talk}/mensagens", data=fields)
    work("outbound")
    assert requests.get(f"{sandbox}/zapi/outbox", timeout=5).json() == []
    assert "Qual é o prazo?" in ana.get(f"/conversas/{talk}").text.split('id="message-')[-1]
