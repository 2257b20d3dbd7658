"""Somebody whose access ends is told so where they log in, once."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import service
from tests.cast import Cast
from tests.telling import Login, person

SAID = "Seu acesso foi encerrado ou sua sessão acabou."


@pytest.fixture
def sent_off(app: Flask, cast: Cast, login_as: Login) -> FlaskClient:
    """Ana's browser, just after she was deactivated."""
    client = login_as(cast.ana)
    with app.app_context():
        service.deactivate(person(cast.adriana), cast.ana)
    return client


def test_who_is_sent_off_is_told_so_once(sent_off: FlaskClient) -> None:
    assert SAID in sent_off.get("/conversas", follow_redirects=True).text
    assert SAID not in sent_off.get("/conversas", follow_redirects=True).text


def test_a_page_that_asks_in_the_background_does_not_use_the_message_up(
    sent_off: FlaskClient,
) -> None:
    assert sent_off.get("/conta/sessao").status_code == 302
    assert sent_off.get("/conversas", headers={"HX-Request": "true"}).status_code == 401
    assert SAID in sent_off.get("/entrar").text


def test_who_was_never_in_is_only_asked_to_log_in(app: Flask) -> None:
    assert SAID not in app.test_client().get("/conversas", follow_redirects=True).text


def test_a_deactivated_person_is_not_offered_what_has_no_button(
    cast: Cast, sent_off: FlaskClient, login_as: Login
) -> None:
    page = login_as(cast.adriana).get(f"/equipe/{cast.ana}").text
    assert "Reativar" in page
    assert "Redefinir a senha" not in page
