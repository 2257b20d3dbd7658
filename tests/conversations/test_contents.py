"""How what customers send besides words looks in the thread."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast
from tests.conversations.test_annotations import revoke, without_text
from tests.telling import Login, conversation, messages, received, tell

pytestmark = pytest.mark.usefixtures("channel")


def thread(app: Flask, cast: Cast, login_as: Login) -> str:
    """The page of the one conversation, as Ana sees it."""
    with app.app_context():
        page = f"/conversas/{conversation().id}"
    return login_as(cast.ana).get(page).text


def test_a_deleted_message_is_marked_and_shown_only_if_the_company_wants_it(
    app: Flask, client: FlaskClient, cast: Cast, login_as: Login
) -> None:
    said = received("minha senha é 1234")
    tell(client, said)
    tell(client, revoke(said["messageId"]))
    with app.app_context():
        assert conversation().last_message_preview == "Mensagem apagada"

    shown = thread(app, cast, login_as)
    assert "Mensagem apagada pelo cliente" in shown
    assert "minha senha" in shown
    app.config["SETTINGS"].show_revoked_messages = False
    try:
        assert "minha senha" not in thread(app, cast, login_as)
    finally:
        app.config["SETTINGS"].show_revoked_messages = True


def test_votes_are_counted_on_the_poll(
    app: Flask, client: FlaskClient, cast: Cast, login_as: Login
) -> None:
    options = [{"name": "Manhã, cedo"}, {"name": "Tarde"}]
    poll = without_text(poll={"question": "Qual?", "pollMaxOptions": 1, "options": options})
    tell(client, poll)
    for chosen in ("Tarde", "Manhã, cedo"):
        vote = {"pollMessageId": poll["messageId"], "options": [{"name": chosen}]}
        tell(client, without_text(pollVote=vote))
    with app.app_context():
        [message] = messages("in")
        assert (message.payload or {})["votes"] == {"customer": ["Manhã, cedo"]}

    shown = thread(app, cast, login_as)
    assert shown.count(">1 voto<") == 1
    assert shown.count(">0 votos<") == 1


def test_places_cards_and_choices_are_shown(
    app: Flask, client: FlaskClient, cast: Cast, login_as: Login
) -> None:
    place = {"latitude": -15.5, "longitude": -47.25, "name": "Praça"}
    tell(client, without_text(location=place))
    vcard = "BEGIN:VCARD\nFN:Ruim\nTEL;waid=5500900019999:+55\nitem1.EMAIL:j@exemplo.invalid\nEND"
    tell(client, without_text(contact={"displayName": "<b>João</b>", "vCard": vcard}))
    tell(client, without_text(buttonsResponseMessage={"buttonId": "1", "message": "Quero"}))

    shown = thread(app, cast, login_as)
    assert "query=-15.500000,-47.250000" in shown
    assert "&lt;b&gt;João&lt;/b&gt;" in shown
    assert 'data-copy="+5500900019999"' in shown
    assert 'data-copy="j@exemplo.invalid"' in shown
    assert "Escolheu um botão" in shown
