"""Who chose English reads English, and who writes Spanish is answered in Spanish."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.contacts.models import Contact
from app.extensions import db
from tests.cast import Cast
from tests.telling import Login, conversation, messages, received, tell

pytestmark = pytest.mark.usefixtures("channel")
Work = Callable[..., int]


def test_a_person_reads_the_screens_in_their_language(
    app: Flask, cast: Cast, login_as: Login
) -> None:
    settings = app.config["SETTINGS"]
    settings.screen_languages = "pt_BR,en"
    try:
        with app.app_context():
            db.session.get_one(User, cast.ana).locale = "en"
            db.session.commit()
        page = login_as(cast.ana).get("/conversas").text
        other = login_as(cast.bruno).get("/conversas").text
    finally:
        settings.screen_languages = "pt_BR"
    assert '<html lang="en"' in page
    assert "Unassigned" in page
    assert "Sem dono" in other


def test_the_bot_answers_in_the_contact_s_language(
    app: Flask, client: FlaskClient, work: Work
) -> None:
    tell(client, received("Hola"))
    with app.app_context():
        db.session.get_one(Contact, conversation().contact_id).language = "es"
        db.session.commit()
    work("assistant")
    with app.app_context():
        (answer,) = messages("out")
        assert answer.body.startswith("¡Hola, ")
        assert "¿Sobre qué quieres hablar?" in answer.body
