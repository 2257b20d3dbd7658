"""The simulator in a real browser: edit, open a calculation, offer, and somebody else approves."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app import clock
from app.accounts.models import User
from app.extensions import db
from app.transactions import atomic
from tests.cast import Cast
from tests.debts import snapshots
from tests.e2e.conftest import Visit
from tests.e2e.test_accessibility import violations

pytestmark = pytest.mark.browser


def contract(app: Flask, cast: Cast) -> str:
    """Today's look-up of the first case; Fábio is an operator, Gisele a manager by level."""
    with app.app_context():
        with atomic():
            db.session.get_one(User, cast.fabio).approval_level = 1
            db.session.get_one(User, cast.gisele).approval_level = 3
        today = clock.now().astimezone(clock.COMPANY_ZONE).date()
        snapshot_id, bill = snapshots.look_up(1, clock.now(), today)
    return f"/financeiro/consultas/{snapshot_id}/titulos/{bill}/simular"


def live(page: Page) -> Page:
    page.locator("#live-dot[data-state=live]").wait_for()
    return page


def test_what_is_edited_moves_the_cards_is_explained_offered_and_approved_by_another(
    visit: Visit, app: Flask, cast: Cast
) -> None:
    path = contract(app, cast)
    gisele = live(visit(cast.gisele, "/financeiro/aprovacoes"))
    page = live(visit(cast.fabio, path))
    assert violations(page) == []

    page.locator("summary", has_text="À vista").last.click()
    field = page.locator("[id='f-A-multa']")
    field.press_sequentially("100")
    expect(page.locator("#card-A")).to_contain_text("fora da política")
    expect(page.locator("#sim-offer-button")).to_have_text("Enviar para aprovação")
    expect(field).to_be_focused()
    field.press_sequentially("0")
    expect(page.locator("#slot-A-multa")).to_contain_text("vai de 0 a 100%")
    expect(page.locator("#sim-offer-button")).to_be_disabled()
    field.press("Backspace")
    expect(page.locator("#sim-offer-button")).to_be_enabled()

    page.locator("#card-C .proposal-total .figure").click()
    dialog = page.locator("#calculation")
    expect(dialog).to_contain_text("Total do acordo")
    dialog.locator("tbody .figure").first.click()
    expect(dialog).to_contain_text("Proposta C, parcela 1")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#card-C .proposal-total .figure")).to_be_focused()

    page.get_by_label("Nome da simulação").fill("Paga no 13º")
    page.get_by_label("Recado para quem aprova").fill("É bom pagador")
    page.locator("#sim-offer-button").click()
    page.wait_for_url("**/financeiro/ofertas/*")
    expect(gisele.locator("#approvals")).to_contain_text("Fábio Nunes")
    expect(gisele.locator("#bell-count")).to_have_text("1")
    gisele.locator("#approvals a").first.click()
    assert violations(live(gisele)) == []
    gisele.get_by_role("button", name="Aprovar").click()
    expect(gisele.locator(".badge").first).to_have_text("Aprovada")
    expect(page.locator(".badge").first).to_have_text("Aprovada")
