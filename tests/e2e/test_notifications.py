"""The bell, the title, sounds from one tab only, and notices for who looks elsewhere."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from app.conversations import service
from app.extensions import db
from app.notifications.models import Wishes
from tests.cast import Cast
from tests.e2e.conftest import Visit
from tests.processes import eventually
from tests.telling import conversation, person, received, tell

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("channel")]

LISTEN = """() => {
  window.heard = []; window.noticed = [];
  document.addEventListener("guiche:sounded", (event) => window.heard.push(event.detail.tone));
  document.addEventListener("guiche:noticed", (event) => window.noticed.push(event.detail.text));
}"""
# Chromium's headless shell has no notices of the system and grants none: there the page is given
# something to show them with.
NOTICES = """() => {
  if (Notification.permission === "granted") return;
  window.Notification = class { static permission = "granted"; close() {} };
}"""
HIDE = """() => {
  Object.defineProperty(document, "hidden", { value: true, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def heard(*pages: Page) -> list[list[str]]:
    return [page.evaluate("() => window.heard") for page in pages]


def listen(page: Page) -> None:
    expect(page.locator("#bell-state li").first).to_be_attached()
    page.evaluate(LISTEN)
    page.evaluate(NOTICES)
    page.locator(".topline-title").click()  # only then may a page sound


def leave_to_the_line(app: Flask, talk: int, by: int) -> None:
    with app.app_context():
        found = service.take_over(talk, person(by), conversation().owner_version)
        service.transfer(talk, person(by), None, "", found.owner_version)


def test_one_tab_calls_until_anybody_claims_and_notices_reach_who_looks_elsewhere(
    app: Flask, client: FlaskClient, visit: Visit, cast: Cast
) -> None:
    tell(client, received("Oi"))
    with app.app_context():
        talk = conversation().id
        db.session.add(Wishes(user_id=cast.ana, volume=50, repeat_seconds=1))
        db.session.commit()
    page = visit(cast.ana, "/contatos")
    page.context.grant_permissions(["notifications"])
    second = page.context.new_page()
    second.goto(page.url)
    outsider = visit(cast.fabio, "/inicio")
    for tab in (page, second):
        listen(tab)
    expect(page).to_have_title("Contatos · Guichê")

    leave_to_the_line(app, talk, cast.bruno)
    for tab in (page, second):
        expect(tab.locator("#bell-count")).to_have_text("1")
        expect(tab).to_have_title("(1) Contatos · Guichê")
        expect(tab.get_by_role("button", name="Avisos: 1 novo")).to_be_visible()
    assert eventually(lambda: sum(map(len, heard(page, second))) >= 3, 8)
    assert [] in heard(page, second), "only one of the tabs sounds"

    with app.app_context():
        service.take_over(talk, person(cast.bruno), conversation().owner_version)
    for tab in (page, second):
        expect(tab.locator("#bell-count")).to_be_hidden()
        expect(tab).to_have_title("Contatos · Guichê")
    so_far = heard(page, second)
    page.wait_for_timeout(2500)
    assert heard(page, second) == so_far, "it stops on every screen at once"

    for tab in (page, second):
        tab.evaluate(HIDE)
    with app.app_context():
        found = conversation()
        service.transfer(talk, person(cast.bruno), person(cast.ana), "", found.owner_version)
    assert eventually(
        lambda: "Bruno Lima passou Marina para você" in page.evaluate("() => window.noticed"), 5
    )
    expect(outsider.locator("#bell-state [data-notice]")).to_have_count(0)
    expect(outsider.locator("#bell-count")).to_be_hidden()

    page.locator("#bell-button").click()
    entry = page.locator(".notice-link", has_text="Bruno Lima passou Marina para você")
    expect(entry).to_be_visible()
    entry.click()
    expect(page.locator(".thread-name")).to_contain_text("Marina")
    expect(page.locator("#bell-state [data-notice]")).to_have_count(0)


def test_what_is_chosen_on_one_screen_holds_on_the_others(visit: Visit, cast: Cast) -> None:
    page = visit(cast.ana, "/conta")
    other = page.context.new_page()
    other.goto(page.url.replace("/conta", "/contatos"))
    for tab in (page, other):
        listen(tab)
    row = page.get_by_role("row", name="Cliente escreveu numa conversa minha")
    row.get_by_role("button", name="Testar").click()
    assert eventually(lambda: heard(page) == [["tap"]], 3)
    row.get_by_label("Som:").uncheck()
    page.get_by_label("Atalhos de uma tecla").uncheck()
    page.get_by_role("button", name="Salvar avisos").click()
    expect(page.get_by_text("Avisos salvos.")).to_be_visible()
    expect(other.locator("#bell-state")).to_have_attribute("data-shortcuts", "off")
    other.keyboard.press("?")
    expect(other.locator("#shortcut-sheet")).to_be_hidden()
