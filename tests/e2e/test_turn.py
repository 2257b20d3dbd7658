"""The board of the turn as two managers and an attendant see it, live."""

from urllib.parse import urljoin

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from app.forwarding import service as forwarding
from tests.cast import Cast
from tests.consultants.conftest import Hires
from tests.consultants.conftest import consultant as consultant
from tests.e2e.conftest import Visit
from tests.telling import conversation, person, received, tell

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("channel")]


def next_in(page: Page) -> str:
    """The first name in the line."""
    return page.locator(".board-seat.is-next .board-name").first.inner_text().split(":")[0]


def test_what_one_manager_switches_is_seen_by_the_other_and_by_an_attendant(
    visit: Visit, consultant: Hires, cast: Cast
) -> None:
    consultant("Ana Lima")
    consultant("Beto Reis")
    one, other = visit(cast.gisele, "/fila"), visit(cast.adriana, "/fila")
    attendant = visit(cast.ana, "/conversas")
    expect(attendant.locator("#turn-summary")).to_contain_text("Ana")

    one.locator(".board-seat.is-next .board-person").click()
    expect(one.get_by_role("dialog")).to_contain_text("Ana Lima")
    one.get_by_role("button", name="Pausa", exact=True).click()
    expect(one.get_by_role("dialog")).to_be_hidden()
    for page in (one, other):
        expect(page.locator(".board-seat.is-next")).to_contain_text("Beto")
    expect(attendant.locator("#turn-summary")).to_contain_text("Beto")

    other.locator(".board-seat.is-next .board-person").focus()
    other.keyboard.press("Enter")
    expect(other.get_by_role("dialog")).to_contain_text("Beto Reis")
    other.get_by_role("button", name="Offline", exact=True).click()
    for page in (one, other):
        expect(page.locator(".board-row")).to_contain_text("Ninguém disponível")
    expect(attendant.locator("#turn-summary")).to_contain_text("ninguém")


def test_who_waits_is_handed_out_live_when_a_consultant_comes_online(
    app: Flask, client: FlaskClient, visit: Visit, consultant: Hires, cast: Cast, sandbox: str
) -> None:
    ana = consultant("Ana Lima", online=False)
    tell(client, received("Quero falar com um consultor"))
    with app.app_context():
        found = conversation()
        forwarding.forward(found.id, person(cast.gisele), found.owner_version, "pt-BR")
        talk = found.id
    board, thread = visit(cast.gisele, "/fila"), visit(cast.ana, f"/conversas/{talk}")
    protocols = visit(cast.adriana, "/protocolos/lista")
    expect(board.locator(".board-card")).to_contain_text("Marina")

    board.locator(".board-away summary").click()
    board.locator(f'[data-consultant="{ana}"]').click()
    board.get_by_role("button", name="Online", exact=True).click()
    # Within a second by itself (tests/forwarding); here a browser shares the machine.
    expect(board.locator(".board-card")).to_have_count(0, timeout=20_000)
    expect(board.locator(".board-seat.is-next")).to_contain_text("Ana")
    expect(thread.locator("#conversation")).to_contain_text("Com Ana Lima")
    expect(thread.locator("#conversation")).to_contain_text("#00001")
    read_and_change_the_protocol(protocols)
    protocols.goto(
        urljoin(protocols.url, "/redoc")
    )  # its console is clean: the fixture looks at it
    expect(protocols.get_by_role("heading", name="Distribuição")).to_be_visible(timeout=20_000)


def read_and_change_the_protocol(page: Page) -> None:
    """It came into the open list by itself; what is typed stays while it is changed."""
    page.locator(".protocol-link", has_text="#00001").click()
    sheet = page.locator("#protocol-sheet")
    expect(sheet).to_contain_text("Aberto pela vez para Ana Lima")
    expect(page.locator("tr:has([aria-current])")).to_contain_text("#00001")
    note = sheet.get_by_label("Anotar no protocolo")
    note.fill("Liga amanhã")
    sheet.get_by_label("Situação").select_option("in_progress")
    expect(page.locator("#protocol-list")).to_contain_text("Em andamento")
    expect(note).to_have_value("Liga amanhã")
    sheet.get_by_role("button", name="Anotar").click()
    expect(sheet.locator(".protocol-story")).to_contain_text("Liga amanhã")
    sheet.get_by_role("link", name="Fechar o protocolo").focus()
    page.keyboard.press("Escape")
    expect(sheet.locator(".protocol-open")).to_have_count(0)
    expect(page.locator(".protocol-link", has_text="#00001")).to_be_focused()
