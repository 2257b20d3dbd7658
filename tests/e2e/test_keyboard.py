"""Everything with the keyboard alone, and nothing by accident while one writes."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from tests.cast import Cast
from tests.e2e.conftest import Visit
from tests.e2e.test_accessibility import fill
from tests.e2e.test_stories import phone_says
from tests.telling import received, tell

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("channel")]


def title_is(page: Page, name: str) -> None:
    expect(page.locator(".thread-name")).to_contain_text(name)


def test_one_key_for_each_act_and_a_bar_for_everything(
    visit: Visit, cast: Cast, sandbox: str
) -> None:
    page = visit(cast.ana, "/conversas")
    phone_says(sandbox, "Olá")
    expect(page.locator(".row-card")).to_have_count(1)
    phone_says(sandbox, "Oi", phone="5500900020002", name="Davi Monteiro")
    expect(page.locator(".row-card")).to_have_count(2)

    page.keyboard.press("j")
    title_is(page, "Davi Monteiro")
    page.keyboard.press("j")
    title_is(page, "Rosângela Prado")
    page.keyboard.press("k")
    title_is(page, "Davi Monteiro")
    page.keyboard.press("a")
    expect(page.get_by_text("Com você")).to_be_visible()
    page.locator("#thread-scroll").focus()
    page.keyboard.press("n")
    page.keyboard.type("jka? / nota")
    expect(page.locator(".composer-text")).to_have_value("jka? / nota")
    expect(page.locator(".composer.writes-note")).to_have_count(1)
    title_is(page, "Davi Monteiro")

    page.locator("#thread-scroll").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Atalhos do teclado")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#thread-scroll")).to_be_focused()

    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="O que você quer fazer ou encontrar")
    expect(box).to_be_focused()
    page.keyboard.type("adiar")
    expect(page.locator(".command-option[aria-selected=true]")).to_have_text("Adiar")
    box.fill("rosangela")
    expect(page.locator(".command-option", has_text="Rosângela Prado").first).to_be_visible()
    box.fill("conta")
    page.keyboard.press("Escape")
    expect(page.locator("#thread-scroll")).to_be_focused()
    page.keyboard.press("Control+k")
    page.keyboard.type("respostas rap")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/respostas-rapidas"))


# The name of what has the focus, whether that shows, and whether it is in sight.
STANDS = """() => {
  const on = document.activeElement;
  if (!on || on === document.body) return null;
  const words = on.getAttribute("aria-label") || on.labels?.[0]?.textContent
    || on.innerText || on.title;
  const ring = [on, on.parentElement, on.parentElement.parentElement].some((one) => {
    const style = getComputedStyle(one);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1)
      || style.boxShadow !== (one.dataset.shadow || "none");
  });
  on.dataset.stood = "1";
  const box = on.getBoundingClientRect();
  return { what: on.outerHTML.slice(0, 120), id: (words || "").trim(), ring,
    native: /^(date|time|datetime-local|range)$/.test(on.type),
    away: box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth };
}"""
REMEMBER = """() => document.querySelectorAll("*").forEach((one) => {
  const shadow = getComputedStyle(one).boxShadow;
  if (shadow !== "none") one.dataset.shadow = shadow;
})"""
# What can be pressed or filled in, is seen, and was not stood on: arrows reach the rest of a group.
MISSED = """() => Array.from(document.querySelectorAll("a[href], button, input, select, textarea"))
  .filter((one) => one.checkVisibility() && one.getClientRects().length && !one.disabled)
  .filter((one) => !one.dataset.stood && one.type !== "radio")
  .filter((one) => !one.matches(".row-check, .row-link, [type=file]"))
  .filter((one) => !one.matches(".quote-button, .message-tools button"))
  .map((one) => one.outerHTML.slice(0, 120))"""


def test_tab_walks_through_a_page_in_sight_and_out_of_it_again(
    app: Flask, client: FlaskClient, visit: Visit, cast: Cast
) -> None:
    fill(app, client, cast)
    page = visit(cast.adriana, "/conversas/1", reduced_motion="reduce")
    base = page.url.partition("/conversas")[0]
    faults = []
    for path in ("/conversas/1", "/contatos/1", "/canais/1"):
        page.goto(base + path)
        expect(page.locator("#live-dot")).to_have_attribute("data-state", "live")
        for part in page.locator("[hx-trigger=load]").all():
            expect(part).not_to_be_empty()
        page.evaluate(REMEMBER)
        for _ in range(150):
            page.keyboard.press("Tab")
            stands = page.evaluate(STANDS)
            if stands is None:
                break
            shows = stands["native"] or (stands["id"] and stands["ring"])
            if not shows or stands["away"]:
                faults.append((path, stands))
        else:
            faults.append((path, "a trap"))
        faults += [(path, missed) for missed in page.evaluate(MISSED)]
    assert faults == []


def test_a_list_and_the_messages_are_one_stop_each(
    app: Flask, client: FlaskClient, visit: Visit, cast: Cast
) -> None:
    fill(app, client, cast)
    tell(client, received("Oi", phone="5500900020002", chatName="Davi", senderName="Davi"))
    page = visit(cast.adriana, "/conversas/1", reduced_motion="reduce")
    stops = page.locator("#conversation-list .row-link:not([tabindex='-1'])")
    expect(stops).to_have_count(1)
    expect(stops).to_contain_text("Marina")
    stops.focus()
    page.keyboard.press("ArrowUp")
    expect(stops).to_contain_text("Davi")
    page.keyboard.press("Space")
    expect(page.locator("#bulk-count")).to_have_text("1 selecionada")
    page.keyboard.press("Escape")
    expect(page.locator("#act-label")).to_have_attribute("aria-keyshortcuts", "L")
    page.locator(".composer-text").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#thread-scroll")).to_be_focused()
    page.keyboard.press("f")
    expect(page.locator("#filter-panel")).to_be_visible()
