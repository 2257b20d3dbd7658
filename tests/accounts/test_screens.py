"""The administration in a real browser: what one does shows on the others' open screens."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect, sync_playwright

from app.accounts import service, tokens
from app.accounts.models import User
from app.extensions import db
from tests.browser import launch_options
from tests.cast import PASSWORD, Cast
from tests.running import Running

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real browser, shared by the tests here."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, running: Running, cast: Cast) -> Iterator[Page]:
    """A fresh window at the product's address, which must not complain of anything."""
    window = chromium.new_context(base_url=running.web())
    page = window.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    window.close()
    assert faults == []


def enter(page: Page, email: str, path: str) -> None:
    page.goto(path)
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Senha").fill(PASSWORD)
    page.get_by_role("button", name="Entrar").click()
    page.locator("#live-dot[data-state=live]").wait_for()


def adriana() -> User:
    return db.session.query(User).filter_by(email="adriana@exemplo.com.br").one()


def test_another_admins_invitation_enters_the_open_list_in_its_place(
    page: Page, app: Flask
) -> None:
    enter(page, "adriana@exemplo.com.br", "/equipe")
    with app.app_context():
        service.invite(adriana(), "Carla Nova", "carla@exemplo.com.br", ["manager"])
    expect(page.locator("#staff-6")).to_contain_text("Falta definir a senha")
    names = page.locator("#staff-list tr a").all_inner_texts()
    assert names == [
        "Adriana Reis", "Ana Souza", "Bruno Lima", "Carla Nova", "Fábio Nunes", "Gisele Prado",
    ]  # fmt: skip
    with app.app_context():
        service.deactivate(adriana(), 6)
    expect(page.locator("#staff-6")).to_contain_text("Sem acesso")


def test_what_was_missed_while_the_socket_was_cut_is_there_afterwards(
    page: Page, app: Flask
) -> None:
    enter(page, "adriana@exemplo.com.br", "/equipe")
    page.context.set_offline(True)
    page.evaluate("guiche.socket.io.engine.close()")
    page.locator("#live-dot:not([data-state=live])").wait_for()
    with app.app_context():
        service.invite(adriana(), "Carla Nova", "carla@exemplo.com.br", ["manager"])
        service.deactivate(adriana(), 1)
    page.context.set_offline(False)
    expect(page.locator("#staff-6")).to_be_visible(timeout=10_000)
    expect(page.locator("#staff-1")).to_contain_text("Sem acesso")


def test_a_persons_page_acts_and_follows_what_others_do(page: Page, app: Flask, cast: Cast) -> None:
    enter(page, "adriana@exemplo.com.br", f"/equipe/{cast.ana}")
    page.get_by_role("button", name="Desativar").click()
    page.get_by_role("button", name="Reativar").click()
    page.get_by_role("button", name="Redefinir senha").click()
    expect(page.get_by_label("Link para definir a senha")).to_have_value(re.compile("/convite/"))
    with app.app_context():
        service.change_roles(adriana(), cast.ana, ["attendant", "finance"])
    expect(page.get_by_label("financeiro")).to_be_checked()


def test_the_last_administrator_is_told_why_not(page: Page, cast: Cast) -> None:
    enter(page, "adriana@exemplo.com.br", f"/equipe/{cast.adriana}")
    page.get_by_role("button", name="Desativar").click()
    expect(page.locator("#toasts")).to_contain_text("última pessoa na administração")


def test_a_deactivated_person_is_led_out_of_the_open_page(page: Page, app: Flask) -> None:
    enter(page, "bruno@exemplo.com.br", "/conta")
    with app.app_context():
        service.deactivate(adriana(), 2)
    page.wait_for_url("**/entrar**")


def test_a_new_entry_tops_the_open_audit_log_and_leaves_a_filtered_one_alone(
    page: Page, app: Flask
) -> None:
    enter(page, "adriana@exemplo.com.br", "/auditoria")
    with app.app_context():
        tokens.create(adriana(), "Painel", ["audit:read"], 30)
    expect(page.locator("#audit-list tr").first).to_contain_text("Criou um token")
    page.goto("/auditoria?acao=session.started")
    page.locator("#live-dot[data-state=live]").wait_for()
    with app.app_context():
        tokens.create(adriana(), "Outro", ["audit:read"], 30)
    page.wait_for_timeout(300)
    assert page.get_by_text("Outro").count() == 0


def test_my_own_presence_shows_in_the_top_line(page: Page) -> None:
    enter(page, "ana@exemplo.com.br", "/conta")
    expect(page.locator("#my-presence .presence-dot[data-state=online]")).to_be_visible()
