"""The administration in a real browser: what one does shows on the others' open screens."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.accounts import service, tokens
from app.accounts.models import User
from app.extensions import db
from tests.cast import PASSWORD, Cast
from tests.e2e.conftest import Visit
from tests.running import Running
from tests.telling import Login

pytestmark = pytest.mark.browser


def live(page: Page) -> Page:
    """The page, once it is live."""
    page.locator("#live-dot[data-state=live]").wait_for()
    return page


def adriana() -> User:
    return db.session.query(User).filter_by(email="adriana@exemplo.com.br").one()


def invite_carla() -> None:
    service.invite(adriana(), "Carla Nova", "carla@exemplo.com.br", ["manager"])


def test_the_login_form_leads_where_one_was_going(visit: Visit, running: Running) -> None:
    page = visit(None, "/conta")
    page.get_by_label("E-mail").fill("ana@exemplo.com.br")
    page.get_by_label("Senha").fill(PASSWORD)
    page.get_by_role("button", name="Entrar").click()
    page.wait_for_url("**/conta")
    expect(live(page).locator("#my-presence .presence-dot[data-state=online]")).to_be_visible()


def test_another_admins_invitation_enters_the_open_list_in_its_place(
    visit: Visit, app: Flask, cast: Cast
) -> None:
    page = live(visit(cast.adriana, "/equipe"))
    with app.app_context():
        invite_carla()
    expect(page.locator("#staff-6")).to_contain_text("Falta definir a senha")
    names = page.locator("#staff-list tr a").all_inner_texts()
    assert names == [
        "Adriana Reis", "Ana Souza", "Bruno Lima", "Carla Nova", "Fábio Nunes", "Gisele Prado",
    ]  # fmt: skip
    with app.app_context():
        service.deactivate(adriana(), 6)
    expect(page.locator("#staff-6")).to_contain_text("Sem acesso")


def test_what_was_missed_while_the_socket_was_cut_is_there_afterwards(
    visit: Visit, app: Flask, cast: Cast
) -> None:
    page = live(visit(cast.adriana, "/equipe"))
    page.context.set_offline(True)
    page.evaluate("guiche.socket.io.engine.close()")
    page.locator("#live-dot:not([data-state=live])").wait_for()
    with app.app_context():
        invite_carla()
        service.deactivate(adriana(), cast.ana)
    page.context.set_offline(False)
    expect(page.locator("#staff-6")).to_be_visible(timeout=10_000)
    expect(page.locator(f"#staff-{cast.ana}")).to_contain_text("Sem acesso")


def test_a_persons_page_acts_and_follows_what_others_do(
    visit: Visit, app: Flask, cast: Cast
) -> None:
    page = live(visit(cast.adriana, f"/equipe/{cast.ana}"))
    page.get_by_role("button", name="Desativar").click()
    page.get_by_role("button", name="Reativar").click()
    page.get_by_role("button", name="Redefinir senha").click()
    expect(page.get_by_label("Link para definir a senha")).to_have_value(re.compile("/convite/"))
    with app.app_context():
        service.change_roles(adriana(), cast.ana, ["attendant", "finance"])
    expect(page.get_by_label("financeiro")).to_be_checked()


def test_the_last_administrator_is_told_why_not(visit: Visit, cast: Cast) -> None:
    page = live(visit(cast.adriana, f"/equipe/{cast.adriana}"))
    page.get_by_role("button", name="Desativar").click()
    expect(page.locator("#toasts")).to_contain_text("última pessoa na administração")


def test_a_deactivated_person_is_led_out_of_the_open_page(
    chromium: Browser, running: Running, login_as: Login, app: Flask, cast: Cast
) -> None:
    cookie = login_as(cast.bruno).get_cookie("guiche")
    assert cookie
    window = chromium.new_context(base_url=running.web())
    window.add_cookies([{"name": "guiche", "value": cookie.value, "url": running.web()}])
    page = window.new_page()
    page.goto("/conta")
    live(page)
    with app.app_context():
        service.deactivate(adriana(), cast.bruno)
    page.wait_for_url("**/entrar**")
    window.close()


def test_a_new_entry_tops_the_open_audit_log_and_leaves_a_filtered_one_alone(
    visit: Visit, app: Flask, cast: Cast
) -> None:
    newest = live(visit(cast.adriana, "/auditoria"))
    filtered = live(visit(cast.adriana, "/auditoria?acao=session.started"))
    with app.app_context():
        tokens.create(adriana(), "Planilha da auditoria", ["audit:read"], 30)
    expect(newest.locator("#audit-list tr").first).to_contain_text("Criou um token")
    assert filtered.get_by_text("Planilha da auditoria").count() == 0


@pytest.mark.parametrize("path", ["/equipe", "/equipe/1", "/tokens", "/auditoria", "/conta"])
def test_administration_fits_a_phone(visit: Visit, cast: Cast, path: str) -> None:
    page = visit(cast.adriana, path, width=390, height=844)
    widths = page.evaluate(
        "[document.documentElement.scrollWidth, document.querySelector('main').scrollWidth]"
    )
    assert widths == [390, 390]


def test_areas_that_a_phone_has_no_room_for_are_listed_by_name(visit: Visit, cast: Cast) -> None:
    page = visit(cast.adriana, "/equipe", width=390, height=844)
    expect(page.get_by_role("link", name="Auditoria")).to_be_hidden()
    page.get_by_role("button", name="Mais áreas").click()
    page.get_by_role("link", name="Auditoria").click()
    expect(page).to_have_url(re.compile("/auditoria$"))
