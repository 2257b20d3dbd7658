"""Contacts in a browser: two screens on one page, and a spreadsheet from upload to correction."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import expect

from app.contacts import service
from app.contacts.custom_fields import service as custom_fields
from app.conversations.models import Conversation
from app.extensions import db
from app.labels import service as labels
from tests.cast import Cast
from tests.e2e.conftest import Visit
from tests.telling import person, received, tell

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("channel")]


def test_two_people_on_one_contact(
    app: Flask, client: FlaskClient, visit: Visit, cast: Cast
) -> None:
    tell(client, received("Oi, bom dia!"))
    with app.app_context():
        contact = db.session.query(Conversation).one().contact_id
        custom_fields.create(person(cast.adriana), "Unidade", "text", [], False, True)
        label = labels.create(person(cast.gisele), "Prioritário", "red").id
    page = visit(cast.ana, "/contatos?q=marina")
    page.get_by_role("link", name="Marina", exact=True).click()
    expect(page.locator("#live-dot")).to_have_attribute("data-state", "live")
    expect(page.locator("#conversation-list")).to_contain_text("Oi, bom dia!")
    page.get_by_role("button", name="Editar").click()
    page.get_by_label("Unidade").fill("Bloco B")
    with app.app_context():
        service.label(contact, person(cast.bruno), label, on=True)
    expect(page.locator("#contact-labels")).to_contain_text("Prioritário")
    expect(page.get_by_label("Unidade")).to_have_value("Bloco B")
    tell(client, received("Ainda estão aí?"))
    expect(page.locator("#conversation-list")).to_contain_text("Ainda estão aí?")
    page.get_by_role("button", name="Salvar").click()
    expect(page.locator("#context dl")).to_contain_text("Bloco B")
    expect(page.locator("#contact-history")).to_contain_text("Bloco B")
    page.get_by_role("button", name="Não enviar mensagens").click()
    page.get_by_role("button", name="Não enviar mais").click()
    expect(page.locator("#context")).to_contain_text("Não quer receber mensagens nossas")
    page.locator("#conversation-list a").first.click()
    expect(page.locator("#context")).to_contain_text("Não quer receber mensagens nossas")


def test_a_spreadsheet_is_mapped_imported_and_its_refusals_shown(
    visit: Visit, cast: Cast, sandbox: str
) -> None:
    page = visit(cast.gisele, "/contatos/importacoes")
    sheet = "Nome;Celular\nMarina Alves;(41) 98765-4321\nErrado;123\n"
    file = {"name": "clientes.csv", "mimeType": "text/csv", "buffer": sheet.encode()}
    page.get_by_label("Planilha CSV ou XLSX").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Enviar e conferir").click()
    expect(page.get_by_label("Nome", exact=True)).to_have_value("name")
    expect(page.get_by_label("Celular", exact=True)).to_have_value("phone")
    page.get_by_role("button", name="Importar").click()
    expect(page.locator(".import-progress")).to_contain_text("Concluída", timeout=30_000)
    expect(page.locator(".import-progress")).to_contain_text("dígitos do telefone")
    expect(page.get_by_role("link", name="Recusadas em CSV")).to_be_visible()
    page.goto(page.url.partition("/contatos")[0] + "/contatos?q=marina")
    expect(page.locator("#contact-list")).to_contain_text("Marina Alves")
