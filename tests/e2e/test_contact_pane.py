"""The context pane in a browser: forms survive live updates, and what is saved shows at once."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from app.contacts import service
from app.conversations.models import Conversation
from app.extensions import db
from tests.cast import Cast
from tests.e2e.conftest import Visit
from tests.telling import person, received, tell

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("channel")]


@pytest.fixture
def talk(app: Flask, client: FlaskClient, cast: Cast) -> tuple[int, int]:
    """The ids of a conversation and of its contact, who has a CPF."""
    tell(client, received("Oi, bom dia!"))
    with app.app_context():
        found = db.session.query(Conversation).one()
        service.edit(found.contact_id, person(cast.bruno), {"cpf": "529.982.247-25"})
        return found.id, found.contact_id


def _pane(visit: Visit, user_id: int, talk: tuple[int, int]) -> Page:
    page = visit(user_id, f"/conversas/{talk[0]}")
    expect(page.locator("#context")).to_be_visible()
    expect(page.locator("#live-dot")).to_have_attribute("data-state", "live")
    return page


def test_an_open_form_survives_what_a_colleague_saves(
    app: Flask, visit: Visit, cast: Cast, talk: tuple[int, int]
) -> None:
    page = _pane(visit, cast.ana, talk)
    page.get_by_role("button", name="Editar").click()
    page.get_by_label("E-mail").fill("meio escri")
    with app.app_context():
        service.add_note(talk[1], person(cast.bruno), "chegou agora")
    expect(page.locator("#contact-notes")).to_contain_text("chegou agora")
    expect(page.get_by_label("E-mail")).to_have_value("meio escri")
    page.get_by_label("E-mail").fill("sem arroba")
    page.get_by_role("button", name="Salvar").click()
    expect(page.get_by_text("Este e-mail não parece certo.")).to_be_visible()
    page.get_by_label("E-mail").fill("ana@exemplo.com")
    page.get_by_role("button", name="Salvar").click()
    expect(page.locator("#context dl")).to_contain_text("ana@exemplo.com")


def test_a_cpf_is_shown_on_request_and_a_note_is_kept(
    visit: Visit, cast: Cast, talk: tuple[int, int]
) -> None:
    page = _pane(visit, cast.ana, talk)
    expect(page.locator(".contact-cpf")).to_contain_text("***.982.247-**")
    page.locator(".contact-cpf").get_by_role("button", name="Mostrar").click()
    expect(page.locator(".contact-cpf")).to_contain_text("529.982.247-25")
    expect(page.get_by_label("Nova nota")).to_be_hidden()
    page.get_by_role("button", name="nota", exact=True).press("Enter")
    page.get_by_label("Nova nota").fill("Ligar depois das 18h")
    page.get_by_role("button", name="Guardar nota").click()
    expect(page.locator("#contact-notes")).to_contain_text("Ligar depois das 18h")
    expect(page.get_by_label("Nova nota")).to_be_hidden()


def test_a_cpf_that_is_shown_stays_until_it_is_another(
    app: Flask, visit: Visit, cast: Cast, talk: tuple[int, int]
) -> None:
    page = _pane(visit, cast.ana, talk)
    cpf = page.locator(".contact-cpf")
    cpf.get_by_role("button", name="Mostrar").click()
    expect(cpf).to_contain_text("529.982.247-25")
    with app.app_context():
        service.add_note(talk[1], person(cast.bruno), "chegou agora")
    expect(page.locator("#contact-notes")).to_contain_text("chegou agora")
    expect(cpf).to_contain_text("529.982.247-25")
    with app.app_context():
        service.edit(talk[1], person(cast.bruno), {"cpf": "111.444.777-35"})
    expect(cpf).to_contain_text("***.444.777-**")


def test_a_phone_is_added_corrected_and_taken_back(
    visit: Visit, cast: Cast, talk: tuple[int, int]
) -> None:
    page = _pane(visit, cast.ana, talk)
    page.get_by_role("button", name="telefone", exact=True).click()
    page.get_by_label("Outro telefone").fill("123")
    page.get_by_role("button", name="Adicionar").click()
    expect(page.locator("#fault-phone")).to_be_visible()
    expect(page.get_by_label("Outro telefone")).to_be_focused()
    page.get_by_label("Outro telefone").fill("48 3333-4444")
    page.get_by_role("button", name="Adicionar").click()
    page.get_by_role("button", name="Remover o telefone (48) 3333-4444").click()
    expect(page.locator("#context dl")).not_to_contain_text("(48) 3333-4444")


def test_two_contacts_are_merged_and_parted_again(
    client: FlaskClient, visit: Visit, cast: Cast, talk: tuple[int, int]
) -> None:
    tell(client, received("Sou eu de outro número", phone="5541933332222"))
    page = _pane(visit, cast.gisele, talk)
    page.get_by_label("Juntar com").fill("(41) 93333-2222")
    page.locator("#merge-candidates").get_by_role("button", name="Juntar").click()
    expect(page.locator("#context")).to_contain_text("Juntado com")
    expect(page.locator("#context")).to_contain_text("(41) 93333-2222")
    page.locator("#contact-merged").get_by_role("button", name="Desfazer").click()
    expect(page.locator("#context")).not_to_contain_text("(41) 93333-2222")
